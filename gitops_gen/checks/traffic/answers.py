"""Answers of three values: whether something holds, or that it cannot be determined."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Answer(IntEnum):
    """The order makes `min` the answer of "all of them", and `max` that of "any of them"."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def is_possible(self) -> bool:
        return self is not Answer.NO


def answer(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


def all_of(answers: Iterable[Answer]) -> Answer:
    return min(answers, default=Answer.YES)


def any_of(answers: Iterable[Answer]) -> Answer:
    return max(answers, default=Answer.NO)
