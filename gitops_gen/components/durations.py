"""Durations such as `1h30m`, and the longest one that Go can represent."""

from __future__ import annotations

import re

from gitops_gen.model import Rule

LONGEST_DURATION = Rule(
    "duration-overflow",
    title="A duration is not longer than 292 years",
    why="Programs written in Go count durations in nanoseconds with 64 bits. A longer duration is "
    "refused, so the object is not used.",
    remedy="Write a shorter duration.",
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_MAXIMUM_SECONDS = (2**63 - 1) // 10**9


def overflow(text: str) -> str | None:
    """Returns the message about a duration that is too long, otherwise None."""
    parts = re.findall(r"([0-9]+)([a-z])", text)
    if sum(int(number) * _SECONDS[unit] for number, unit in parts) <= _MAXIMUM_SECONDS:
        return None
    return f"'{text}' is longer than 292 years, which overflows; write a shorter duration"
