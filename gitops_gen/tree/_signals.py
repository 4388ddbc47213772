"""Ctrl-C at a moment of our choice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gitops_gen.errors import Interrupted

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGINT is the first to be taken over and the last to be given back: it raises by default."""


class Deferred:
    """Signals that have come in and wait."""

    def __init__(self) -> None:
        self.waiting: list[int] = []

    def note(self, number: int, _frame: FrameType | None) -> None:
        self.waiting.append(number)

    def check(self) -> None:
        """To be called wherever stopping is safe."""
        if self.waiting:
            raise Interrupted("interrupted: nothing was changed")


@contextmanager
def deferred() -> Iterator[Deferred]:
    """Signals only take effect at `check`, so none comes between an act and its record, nor into
    the way back. At the end the handlers of before get what came in: Python's own raises
    KeyboardInterrupt, the system's ends the process."""
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
    """None outside the main thread, where Python delivers no signal anyway; what is ignored (as
    by nohup) stays ignored."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        return {}
    found = {number: signal.getsignal(number) for number in _STOPPING}
    return {n: handler for n, handler in found.items() if handler not in (None, signal.SIG_IGN)}
