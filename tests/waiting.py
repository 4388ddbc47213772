"""Waits for a condition that another program causes."""

from __future__ import annotations

import time
from collections.abc import Callable

LIMIT = 300.0
"""The timeout in seconds. It only prevents endless tests, and is not a limit of speed."""


def until(is_so: Callable[[], bool], description: str) -> None:
    deadline = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < deadline, (
            f"{description}: this did not happen within {LIMIT:.0f} s"
        )
        time.sleep(0.02)
