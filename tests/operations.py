"""Counts function calls, to measure work independently of the load of the machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def operations(action: Callable[[], object]) -> int:
    """The number of function calls by `action`, including functions of Python itself."""
    count = 0

    def noted(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(noted)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count
