"""To wait for what another program does."""

from __future__ import annotations

import time
from collections.abc import Callable

LIMIT = 300.0
"""Seconds after which a test gives up: against tests that never end, and no measure of speed."""


def until(is_so: Callable[[], bool], description: str) -> None:
    deadline = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < deadline, f"{description}: this has not happened in {LIMIT:.0f} s"
        time.sleep(0.02)
