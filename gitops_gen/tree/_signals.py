"""Defers signals, so that they take effect only between two changes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gitops_gen.errors import Interrupted

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGINT is replaced first and restored last, because its default handler raises an exception."""


class Deferred:
    """Signals that have arrived but not yet taken effect."""

    def __init__(self) -> None:
        self.waiting: list[int] = []

    def note(self, number: int, _frame: FrameType | None) -> None:
        self.waiting.append(number)

    def check(self) -> None:
        """Raises Interrupted if a signal has arrived. Called wherever stopping is safe."""
        if self.waiting:
            raise Interrupted("interrupted: nothing was changed")


@contextmanager
def deferred() -> Iterator[Deferred]:
    """Lets signals take effect only at `check`.

    So none arrives between a change and its record, or while changes are undone. At the end, the
    previous handlers get the signals that have arrived: the handler of Python raises
    KeyboardInterrupt, and the default handler of the system ends the process.
    """
    signals = Deferred()
    handlers = _replaceable_handlers()
    try:
        for number in handlers:
            signal.signal(number, signals.note)
        yield signals
    finally:
        for number in reversed(handlers):
            signal.signal(number, handlers[number])
        for arrived in signals.waiting:
            signal.raise_signal(arrived)


def _replaceable_handlers() -> dict[int, signal._HANDLER]:
    """The current handlers of the signals that are not ignored (for example by nohup).

    There are none outside the main thread, because Python does not deliver signals there.
    """
    import threading

    if threading.current_thread() is not threading.main_thread():
        return {}
    present = {number: signal.getsignal(number) for number in _STOPPING}
    return {n: handler for n, handler in present.items() if handler not in (None, signal.SIG_IGN)}
