"""Async work that a signal ends in order, as Ctrl-C does: what runs is told to stop first.

An exception out of a signal handler would hit asyncio wherever it happens to be.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from gitops_gen.errors import Interrupted

Result = TypeVar("Result")

_ENDING = (signal.SIGTERM, signal.SIGHUP)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Raises Interrupted on SIGTERM and SIGHUP, KeyboardInterrupt on Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(work)
    handlers = {number: signal.getsignal(number) for number in _ENDING}
    numbers = [number for number in _ENDING if handlers[number] is not signal.SIG_IGN]
    arrived: list[int] = []
    try:
        _note(numbers, arrived)
        return asyncio.run(_with_signals(work, numbers, arrived))
    except asyncio.CancelledError:
        raise Interrupted("a signal") from None
    finally:
        for number in numbers:
            signal.signal(number, handlers[number])


def _note(numbers: list[signal.Signals], arrived: list[int]) -> None:
    """Outside of asyncio's loop, a signal waits for it."""
    for number in numbers:
        signal.signal(number, lambda number, _frame: arrived.append(number))


async def _with_signals(
    work: Coroutine[Any, Any, Result], numbers: list[signal.Signals], arrived: list[int]
) -> Result:
    loop, running = asyncio.get_running_loop(), asyncio.ensure_future(work)
    for number in numbers:
        loop.add_signal_handler(number, running.cancel)
    if arrived:
        running.cancel()
    return await running
