"""Async work that SIGTERM, SIGHUP and Ctrl-C end in order: what runs is ended first, then we are.

An exception out of a signal handler would hit asyncio wherever it happens to be. And whoever
stops only the program that he started may wait for what that has started: a Helm that is left
over keeps our pipes open for as long as it runs. So each program leads a group, which is killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar

from gitops_gen.errors import Interrupted

Result = TypeVar("Result")

# Seconds. What is killed is gone in a hundredth of one.
PATIENCE = 5
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Raises Interrupted on SIGTERM and SIGHUP, KeyboardInterrupt on Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(work)
    loop = _Loop()
    try:
        with asyncio.Runner(loop_factory=lambda: loop) as runner, _handled(loop):
            result = runner.run(_ending_all(loop, work))
    finally:
        # However the work has ended meanwhile: a signal that came in is not lost.
        _require_none(loop.signals)
    return result


def _require_none(signals: list[int]) -> None:
    if signals:
        name = signal.Signals(signals[0]).name
        raise KeyboardInterrupt if signals[0] == signal.SIGINT else Interrupted(name)


class _Loop(asyncio.SelectorEventLoop):
    """Knows the programs that it started."""

    def __init__(self) -> None:
        super().__init__()
        self.programs: list[asyncio.SubprocessTransport] = []
        self.signals: list[int] = []
        self.work: asyncio.Task[Any] | None = None

    async def subprocess_shell(self, *arguments: Any, **options: Any) -> Any:
        starting = self.create_task(
            super().subprocess_shell(*arguments, start_new_session=True, **options)
        )
        try:
            return await asyncio.shield(starting)
        finally:
            # Half started it could not be ended; it is a moment until it is there.
            self.programs.append((await starting)[0])

    def arrive(self, number: int, _frame: FrameType | None) -> None:
        self.signals.append(number)
        self.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._kill()
        if self.work is not None:
            self.work.cancel()

    def _kill(self) -> None:
        for program in self._running():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(program.get_pid(), signal.SIGKILL)

    async def ended(self) -> None:
        """Their transports would otherwise outlive the loop, and complain on standard error."""
        deadline = self.time() + PATIENCE
        while self._running() and self.time() < deadline:
            self._kill()
            await asyncio.sleep(0.01)
        for program in self._running():
            program.close()

    def _running(self) -> list[asyncio.SubprocessTransport]:
        return [program for program in self.programs if not program.is_closing()]


async def _ending_all(loop: _Loop, work: Coroutine[Any, Any, Result]) -> Result:
    loop.work = asyncio.current_task()
    if loop.signals and loop.work:
        loop.work.cancel()  # one came before there was a task to cancel
    try:
        return await work
    finally:
        await loop.ended()


@contextmanager
def _handled(loop: _Loop) -> Iterator[None]:
    """What is ignored (as by nohup) stays ignored."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    ours = [number for number, known in before.items() if known not in (None, signal.SIG_IGN)]
    try:
        for number in ours:
            signal.signal(number, loop.arrive)
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
