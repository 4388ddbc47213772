"""Signals that take effect only between two changes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gitops_gen.errors import Interrupted

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGINT comes first: it is replaced first and restored last, since by default it raises."""


class Deferred:
    """Signals that have arrived and have had no effect yet."""

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
    """Signals take effect at `check` alone: none comes between a change and its record, or while
    changes are undone. At the end the former handlers get what has arrived: Python's raises
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
    """The present handlers: none outside the main thread, where Python delivers no signal, and none
    of a signal that is ignored, as by nohup."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        return {}
    present = {number: signal.getsignal(number) for number in _STOPPING}
    return {n: handler for n, handler in present.items() if handler not in (None, signal.SIG_IGN)}
