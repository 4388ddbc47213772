"""Answers of three values: whether something holds, or that it cannot be determined."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """The order makes `min` the answer of "all of them", and `max` that of "any of them"."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def is_possible(self) -> bool:
        return self is not Truth.NO


def truth_of(holds: bool) -> Truth:
    return Truth.YES if holds else Truth.NO


def all_of(answers: Iterable[Truth]) -> Truth:
    return min(answers, default=Truth.YES)


def any_of(answers: Iterable[Truth]) -> Truth:
    return max(answers, default=Truth.NO)
