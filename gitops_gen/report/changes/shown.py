"""The values of fields that a report may show."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from gitops_gen.changes.result import ObjectDifference
from gitops_gen.model import Path, Values, printable
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.secrets.hidden import Hidden, without_tokens
from gitops_gen.secrets.places import key_may_be_shown

HIDDEN = "(not shown)"
LONGEST = 100
_CONTEXT = 20
"""Characters before and after the part of a long text that differs."""
_SECRET = ("", "Secret")
_OF_A_SECRET = ("data", "stringData")
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class ShownValues:
    """Replaces the secrets in the values of one difference."""

    def __init__(self, difference: ObjectDifference) -> None:
        self._difference = difference

    def _text(self, found: FieldDifference, value: object) -> str:
        shown = self.value(found, value)
        if isinstance(shown, str) and shown == HIDDEN:
            return HIDDEN
        text = shown if _is_plain(shown) else json.dumps(shown, ensure_ascii=False)
        return printable(str(text))

    def pair(self, found: FieldDifference) -> tuple[str, str]:
        """Both values as short texts. Of long texts, only the part that differs is shown."""
        old, new = (self._text(found, value) for value in (found.before, found.after))
        if len(old) > LONGEST or len(new) > LONGEST:
            return differing_parts(old, new)
        return old, new

    def value(self, found: FieldDifference, value: object) -> Any:
        """The value of a field without secrets, of the same structure."""
        return self._without_secrets(found.path.parts, value)

    def _without_secrets(self, path: Path, value: object) -> Any:
        if self._is_secret(path):
            return HIDDEN if value is not None else None
        if isinstance(value, dict):
            keys = {key: _key(path, str(key)) for key in value}
            return {keys[k]: self._without_secrets((*path, k), item) for k, item in value.items()}
        if isinstance(value, list):
            return [self._without_secrets((*path, n), item) for n, item in enumerate(value)]
        return self._scalar(path, value)

    def _scalar(self, path: Path, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if not all(hidden.shows(path, value) for hidden in self._hidden):
            return HIDDEN
        if not isinstance(value, str):
            return value
        for hidden in self._hidden:
            value = hidden.masked(value, path)
        return without_tokens(value)

    def _is_secret(self, path: Path) -> bool:
        is_data = self._difference.id.group_kind == _SECRET and path[:1] and path[0] in _OF_A_SECRET
        return bool(is_data) or _APPLIED in path

    @cached_property
    def _hidden(self) -> tuple[Hidden, ...]:
        return tuple(Hidden.of(v) for v in self._values() if v)

    def _values(self) -> tuple[Values, ...]:
        return (self._difference.old, self._difference.new)


def _key(path: Path, key: str) -> str:
    return key if key_may_be_shown(path, key) else HIDDEN


def _is_plain(value: object) -> bool:
    """Whether a text is read as itself without quotes."""
    return isinstance(value, str) and value != "" and value == value.strip() and "\n" not in value


def differing_parts(old: str, new: str) -> tuple[str, str]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    return _part(old, start, end), _part(new, start, end)


def _common(first: str, second: str) -> int:
    """The number of equal characters at the start of both texts."""
    pairs = zip(first, second, strict=False)
    shorter = min(len(first), len(second))
    return next((at for at, (old, new) in enumerate(pairs) if old != new), shorter)


def _part(text: str, start: int, end: int) -> str:
    first = max(0, start - _CONTEXT)
    last = min(len(text), len(text) - end + _CONTEXT)
    part = text[first:last]
    part = part if len(part) <= LONGEST else f"{part[:LONGEST]}…"
    return f"{'…' if first else ''}{part}{'…' if last < len(text) else ''}"
