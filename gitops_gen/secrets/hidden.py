"""What no message may show of a tree of values, and messages without it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.leaks import leaks, named
from gitops_gen.secrets.names import mentions_a_secret
from gitops_gen.secrets.places import NOT_SHOWN, may_be_shown
from gitops_gen.secrets.walk import Path, scalars

PART_NOT_SHOWN = "(not shown: it may be a secret)"
"""What a message says in the place of a secret that it does not quote as a whole value."""

# A part shorter than this says nothing of a secret, and is a part of many other words.
_SHORTEST = 4
_SHORTEST_UNQUOTED = 6
_SHORTEST_IN_A_WORD = 8
# Messages shorten what they quote, none of them to less.
_KEPT_BY_ALL = 30
# A longer text is a file with a secret somewhere in it, and its other lines are none.
_LONGEST_WITH_LINES = 20_000


def without_tokens(message: str) -> str:
    """A message without keys, tokens and addresses with a password, whatever tree they are of."""
    for token in sorted(set(texts.tokens(message)), key=len, reverse=True):
        message = message.replace(token, PART_NOT_SHOWN)
    return message


@dataclass(frozen=True, slots=True)
class Hidden:
    """The values that are secrets, and those at places where secrets or their names are written.

    A secret is hidden wherever a message quotes it. What stands at such a place may be the name
    of a Secret: that is hidden only in a message about the place.
    """

    secrets: Mapping[Path, str]
    doubtful: Mapping[Path, str]
    keys: frozenset[str]
    """Those of all maps: a word of the values is not hidden because a secret is the same."""

    @classmethod
    def of(cls, values: Any) -> Hidden:
        found = {leak.path for leak in leaks(values) if not leak.of_key}
        names = {one.path: one.name for one in named(values)}
        secrets, doubtful = {}, {}
        for path, value in scalars(values):
            if value is None or isinstance(value, bool) or texts.is_a_switch(str(value)):
                continue
            if any(path[:end] in found for end in range(len(path) + 1)):
                secrets[path] = str(value)
            elif mentions_a_secret(names.get(path, "")) or not may_be_shown(path, value):
                doubtful[path] = str(value)
        return cls(secrets, doubtful, frozenset(_keys(values)))

    def shows(self, path: Path, value: Any) -> bool:
        """Whether a message may show this value, which stands at `path` or was to stand there."""
        known = path in self.secrets or path in self.doubtful
        return not known and may_be_shown(path, value)

    def masked(self, text: str, path: Path = ()) -> str:
        """`text`, which speaks of the value at `path`, without what it must not show."""
        if text in self.secrets.values():
            return NOT_SHOWN
        alternatives = dict.fromkeys(self._alternatives(path))
        if not alternatives:
            return text
        ordered = sorted(alternatives, key=len, reverse=True)
        return re.sub("|".join(ordered), _replacement, text)

    def _alternatives(self, path: Path) -> Iterator[str]:
        """Patterns of all that is hidden in a message about `path`."""
        for at, secret in self.secrets.items():
            words = bool(path) and at[: len(path)] == path
            yield from self._of_parts(secret, words=words)
        for at, text in self.doubtful.items() if path else ():
            if at[: len(path)] == path:
                yield from self._of_parts(text, words=False)
        own = self.secrets.get(path) or self.doubtful.get(path)
        if own is not None:
            yield from (*_quoted(own), *_unquoted(own))

    def _of_parts(self, text: str, *, words: bool) -> Iterator[str]:
        """Patterns of a hidden text and its parts; a mere word might be any word of a message."""
        for part in _parts(text):
            if part in self.keys or len(part) < _SHORTEST:
                continue
            yield from _quoted(part)
            if words or (len(part) >= _SHORTEST_UNQUOTED and not part.isalpha()):
                yield from _unquoted(part)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in _children(value):
        yield from _keys(item)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


# How a message may quote a text


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, ...]:
    """The text, its lines, and the secrets in it."""
    lines = [line.strip() for line in text.splitlines()] if len(text) <= _LONGEST_WITH_LINES else []
    inner = (value for _, value in texts.named_secrets(text))
    return tuple(dict.fromkeys([text, *lines, *texts.tokens(text), *inner]))


_ESCAPED: tuple[Callable[[str], str], ...] = (
    str,
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    ascii,
    lambda text: f'"{text.encode("unicode_escape").decode()}"',
)


@lru_cache(maxsize=1024)
def _forms(text: str) -> tuple[str, ...]:
    """As programs write it, each escaping what is not printable in its own way; as patterns."""
    whole, *escaped = (escape(text) for escape in _ESCAPED)
    forms = dict.fromkeys([whole, *(form[1:-1] for form in escaped)])
    return tuple(pattern for form in forms for pattern in _pattern(form))


def _pattern(form: str) -> Iterator[str]:
    yield re.escape(form)
    if len(form) > _KEPT_BY_ALL:
        yield rf"{re.escape(form[:_KEPT_BY_ALL])}[^…\n]*…"


def _quoted(text: str) -> Iterator[str]:
    for form in _forms(text):
        yield rf"'{form}'|\"{form}\""


def _unquoted(text: str) -> Iterator[str]:
    if len(text) >= _SHORTEST_IN_A_WORD and not text.isalpha():
        yield from _forms(text)
        return
    for form in _forms(text):
        start, end = (r"\b" if re.match(r"\w", edge) else "" for edge in (text[:1], text[-1:]))
        yield f"{start}{form}{end}"


def _replacement(found: re.Match[str]) -> str:
    return NOT_SHOWN if found[0][0] in "'\"" and found[0][0] == found[0][-1] else PART_NOT_SHOWN
