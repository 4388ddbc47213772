"""Async work that SIGTERM ends in order, as Ctrl-C does: what runs is told to stop first.

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


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Raises Interrupted on SIGTERM, KeyboardInterrupt on Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(work)
    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(_with_sigterm(work))
    except asyncio.CancelledError:
        raise Interrupted("SIGTERM") from None
    finally:
        signal.signal(signal.SIGTERM, before)


async def _with_sigterm(work: Coroutine[Any, Any, Result]) -> Result:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work
