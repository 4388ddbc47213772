"""The values of a changed field as rows, which a report prints in two columns or below each other.

A row is a list: a sign and one or two texts. The signs are `=` for a line that both values have,
`~` for a line that differs, `-` and `+` for a line that only the old or the new value has, and `…`
for a number of lines that are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TypeAlias

from gitops_gen.model import printable
from gitops_gen.report.changes.shown import differing_parts
from gitops_gen.yaml import dump_manifest

Row: TypeAlias = Sequence[str | int]

MOST_ROWS = 400
"""The most rows of one field."""
_LONGEST_LINE = 400
_CONTEXT = 3
"""The number of equal lines that are printed before and after a line that differs."""
_MOST_COMPARED = 3_000
"""Longer texts are not compared line by line, which takes time in proportion to the square."""


def value_rows(old: object, new: object) -> list[Row]:
    """Returns the rows of two values without secrets. A value is None if the field is missing."""
    before, after = _lines(old), _lines(new)
    rows = list(_rows(before, after))
    if len(rows) <= MOST_ROWS:
        return rows
    return [*rows[:MOST_ROWS], ["…", len(rows) - MOST_ROWS]]


def _lines(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, dict | list) and value:
        return dump_manifest(value).splitlines()
    if isinstance(value, str) and "\n" in value:
        return value.removesuffix("\n").split("\n")
    if isinstance(value, str) and value != "" and value == value.strip():
        return [value]
    # Quotes show an empty text, and spaces at its ends.
    return [json.dumps(value, ensure_ascii=False)]


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    if not before:
        yield from (["+", _cut(line)] for line in after)
    elif not after:
        yield from (["-", _cut(line)] for line in before)
    else:
        yield from _compared(before, after)


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    yield from _equal(before[:start], first=True, last=False)
    yield from _middle(before[start : len(before) - end], after[start : len(after) - end])
    yield from _equal(before[len(before) - end :], first=False, last=True)


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Returns the number of equal lines at the start."""
    pairs = zip(before, after, strict=False)
    shorter = min(len(before), len(after))
    return next((at for at, (old, new) in enumerate(pairs) if old != new), shorter)


def _middle(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    if max(len(before), len(after)) > _MOST_COMPARED:
        yield from _replaced(before, after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from _equal(before[i1:i2], first=False, last=False)
        else:
            yield from _replaced(before[i1:i2], after[j1:j2])


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    for old, new in zip_longest(before, after):
        if old is None:
            yield ["+", _cut(new)]
        elif new is None:
            yield ["-", _cut(old)]
        elif len(old) > _LONGEST_LINE or len(new) > _LONGEST_LINE:
            yield ["~", *map(printable, differing_parts(old, new))]
        else:
            yield ["~", printable(old), printable(new)]


def _equal(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[Row]:
    """Yields the lines next to a difference, and the number of the others."""
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    left_out = len(lines) - head - tail
    if left_out <= 1:
        yield from (["=", _cut(line)] for line in lines)
        return
    yield from (["=", _cut(line)] for line in lines[:head])
    yield ["…", left_out]
    yield from (["=", _cut(line)] for line in lines[len(lines) - tail :])


def _cut(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return printable(line)
    return f"{printable(line[:_LONGEST_LINE])}…"
