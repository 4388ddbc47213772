"""Runs async work that signals and Ctrl-C end in order: first the programs, then the work.

An exception from a signal handler would interrupt asyncio at any point. A killed program may leave
a child process, such as Helm, which keeps the pipes open while it runs. So each program leads a
process group, and the group is killed. Work between two programs does not return to the event loop
for seconds if a chart renders many objects. It runs in `synchronous_work`, which a signal ends at
once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar, cast

from gitops_gen.errors import Interrupted

Result = TypeVar("Result")

# Seconds between the cancellation of the work and the end of its programs, so that a task that
# waits for a program is cancelled before the program is killed.
GRACE = 0.2
# Seconds to wait for killed programs, which usually end within 0.01 s.
PATIENCE = 5
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs `work`. Raises Interrupted on SIGTERM and SIGHUP, and KeyboardInterrupt on Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(work)
    signals = _Signals()
    try:
        with signals.handled(), asyncio.Runner(loop_factory=_Loop) as runner:
            result = runner.run(_with_programs_ended(signals, work))
    finally:
        # A signal that has arrived is not lost, even if the work has ended.
        signals.require_none()
    return result


@contextmanager
def synchronous_work() -> Iterator[None]:
    """Lets a signal end the work inside, which changes nothing that must be undone."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, _Loop):
        yield
        return
    loop.is_in_synchronous_work = True
    try:
        yield
    finally:
        loop.is_in_synchronous_work = False


class _Signals:
    def __init__(self) -> None:
        self.arrived: list[int] = []
        self.loop: _Loop | None = None

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handles signals, except those that are already ignored (for example by nohup)."""
        before = {number: signal.getsignal(number) for number in _ENDING}
        unhandled = (None, signal.SIG_IGN)
        caught = [number for number, handler in before.items() if handler not in unhandled]
        try:
            for number in caught:
                signal.signal(number, self._arrive)
            yield
        finally:
            for number in caught:
                signal.signal(number, before[number])

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        self.arrived.append(number)
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.interrupt)
            if self.loop.is_in_synchronous_work:
                raise asyncio.CancelledError

    def require_none(self) -> None:
        if self.arrived:
            number = signal.Signals(self.arrived[0])
            raise KeyboardInterrupt if number is signal.SIGINT else Interrupted(number.name)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that records the programs that it started and the task of the work."""

    def __init__(self) -> None:
        super().__init__()
        self.programs: list[asyncio.SubprocessTransport] = []
        self.work: asyncio.Task[Any] | None = None
        self.is_in_synchronous_work = False

    async def subprocess_shell(self, *arguments: Any, **options: Any) -> Any:
        starting = self.create_task(
            super().subprocess_shell(*arguments, start_new_session=True, **options)
        )
        try:
            return await asyncio.shield(starting)
        finally:
            # A program can be ended only after it has started, so wait for that.
            self.programs.append((await starting)[0])

    def interrupt(self) -> None:
        if self.work is not None:
            self.work.cancel()
        self.call_later(GRACE, self._kill)

    async def end_programs(self) -> None:
        """Ends all programs, because a transport that outlives the loop prints an error."""
        deadline = self.time() + PATIENCE
        while self._running() and self.time() < deadline:
            self._kill()
            await asyncio.sleep(0.01)
        for program in self._running():
            program.close()

    def _kill(self) -> None:
        for program in self._running():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(program.get_pid(), signal.SIGKILL)

    def _running(self) -> list[asyncio.SubprocessTransport]:
        return [program for program in self.programs if not program.is_closing()]


async def _with_programs_ended(signals: _Signals, work: Coroutine[Any, Any, Result]) -> Result:
    loop = cast(_Loop, asyncio.get_running_loop())
    loop.work = asyncio.current_task()
    signals.loop = loop
    if signals.arrived:
        loop.interrupt()
    try:
        return await work
    finally:
        await loop.end_programs()
        signals.loop = None
