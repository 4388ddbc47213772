"""What no message may show of a tree of values, and messages without it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.leaks import leaks, named
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


_NO_PLACES: Mapping[Path, object] = MappingProxyType({})


@dataclass(frozen=True)
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
    def of(cls, values: Any, places: Mapping[Path, object] = _NO_PLACES) -> Hidden:
        """`places` are those in the file: what an alias stands for has the place of its anchor."""
        found = {leak.path for leak in leaks(values) if not leak.of_key}
        names = {one.path: one.name for one in named(values)}
        secrets, doubtful = {}, {}
        for path, value in scalars(values):
            if value is None or isinstance(value, bool) or texts.is_a_switch(str(value)):
                continue
            if any(path[:end] in found for end in range(len(path) + 1)):
                secrets[path] = str(value)
            elif not may_be_shown(path, value, names.get(path, "")):
                doubtful[path] = str(value)
        doubtful |= _aliases(values, places, secrets | doubtful)
        return cls(secrets, doubtful, frozenset(_keys(values)))

    def shows(self, path: Path, value: Any) -> bool:
        """Whether a message may show this value, which stands at `path` or was to stand there."""
        is_secret = path in self.secrets or path in self.doubtful
        return not is_secret and may_be_shown(path, value)

    def masked(self, text: str, path: Path = ()) -> str:
        """`text`, which speaks of the value at `path`, without what it must not show."""
        if text in self._texts_of_secrets:
            return NOT_SHOWN
        alternatives = dict.fromkeys(self._alternatives(text, path))
        if not alternatives:
            return text
        ordered = sorted(alternatives, key=len, reverse=True)
        return re.sub("|".join(ordered), _replacement, text)

    def _alternatives(self, message: str, path: Path) -> Iterator[str]:
        """Patterns of what is hidden in a message about `path`, as far as it may be in it."""
        for at, parts in self._parts_of_secrets:
            present = [part for part in parts if part.may_be_in(message)]
            words = bool(path) and at[: len(path)] == path
            yield from self._of_parts(present, words=words)
        for at, text in self.doubtful.items() if path else ():
            if at[: len(path)] == path:
                yield from self._of_parts(_parts(text), words=True, names=True)
        secret = self.secrets.get(path) or self.doubtful.get(path)
        if secret is not None:
            name = path in self.doubtful and texts.could_be_a_name(secret)
            yield from (_quoted(secret), _unquoted(secret, as_word=name))

    @cached_property
    def _texts_of_secrets(self) -> frozenset[str]:
        return frozenset(self.secrets.values())

    @cached_property
    def _parts_of_secrets(self) -> list[tuple[Path, tuple[Part, ...]]]:
        return [(at, _parts(secret)) for at, secret in self.secrets.items()]

    def _of_parts(
        self, parts: Iterable[Part], *, words: bool, names: bool = False
    ) -> Iterator[str]:
        """Patterns of parts of a hidden text; a mere word might be any word of a message.

        With `names` what could be a Secret's name is hidden as a word: shop-1, but not in shop-10.
        """
        for part in (one.text for one in parts):
            if part in self.keys or len(part) < _SHORTEST:
                continue
            yield _quoted(part)
            if words or (len(part) >= _SHORTEST_UNQUOTED and not part.isalpha()):
                yield _unquoted(part, as_word=names and texts.could_be_a_name(part))


def _aliases(
    values: Any, places: Mapping[Path, object], hidden: Mapping[Path, str]
) -> dict[Path, str]:
    """The values that are written where a hidden one is, and so are the same text."""
    written = {(places[path], text) for path, text in hidden.items() if path in places}
    found = ((path, str(value)) for path, value in scalars(values) if path in places)
    return {p: text for p, text in found if p not in hidden and (places[p], text) in written}


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


_RUN = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a hidden text. `hints` tell quickly that a message does not have it: programs
    write letters and digits as they are, and the base64 of a text as a whole."""

    text: str
    hints: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Part:
        characters = _characters(text)
        kept = "".join(characters[: _kept(characters)])
        run = max(_RUN.findall(kept), key=len, default="")
        return cls(text, (run, _base64(text)))

    def may_be_in(self, message: str) -> bool:
        return any(hint in message for hint in self.hints)


def _base64(text: str) -> str:
    return b64encode(text.encode(errors="replace")).decode()


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[Part, ...]:
    """The text, its lines, the secrets in it, and what YAML or Go would make of it."""
    lines = [line.strip() for line in text.splitlines()] if len(text) <= _LONGEST_WITH_LINES else []
    inner = (value for _, value in texts.named_secrets(text))
    read = (*_as_yaml(text), *_as_number(text))
    found = dict.fromkeys([text, *lines, *texts.tokens(text), *inner, *read])
    return tuple(Part.of(part) for part in found)


# A text that YAML reads as something else where a template writes it without quotes.
_MARKED = re.compile(r"[]!&*?\[{}|>@%'\"`#,-]|.*(:\s|:$|\s#)")
_MARKS = "!&*?[]{}|>@%'\"`#,:-"
_LONGEST_MARKED = 200


def _as_yaml(text: str) -> Iterator[str]:
    """The words between its marks: of `*name` and `!!int name` the name."""
    if len(text) > _LONGEST_MARKED or not _MARKED.match(text):
        return
    yield text.strip(f"{_MARKS} ")
    words = (word.strip(_MARKS) for word in re.split(r"[\s,{}\[\]]+", text))
    yield from (word for word in words if not word.isalpha())


def _as_number(text: str) -> Iterator[str]:
    """As Go's templates print a number: 1.2345678e+07."""
    try:
        number = Decimal(repr(float(text))).normalize()
    except ValueError:
        return
    if number.is_finite():
        mantissa, exponent = f"{number:e}".split("e")
        yield from (f"{mantissa}e{int(exponent):+03d}", f"{number:f}")


_NAMED = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
_NAMED |= {"\x1b": "e", "\0": "0", "\xa0": "_", "\x85": "N", "\u2028": "L", "\u2029": "P"}
_LONGEST_ESCAPE = len(r"\ud83d\ude00")


@lru_cache(maxsize=1024)
def _forms(text: str) -> str:
    """The pattern of a text as programs write it, each escaping it in its own way, or cut short."""
    characters = _characters(text)
    patterns = [_escaped(character) for character in characters]
    forms = ["".join(patterns), re.escape(_base64(text))]
    kept = _kept(characters)
    if kept < len(patterns):
        forms.append(rf"{''.join(patterns[:kept])}[^…\n]*…")
    return f"(?:{'|'.join(forms)})"


def _characters(text: str) -> list[str]:
    """Its characters; backslashes in a row count as one."""
    return re.findall(r"\\+|[^\\]", text)


def _kept(characters: Sequence[str]) -> int:
    """How many of them every program keeps that cuts the text short."""
    lengths = (len(one) if one.isascii() else _LONGEST_ESCAPE for one in characters)
    return max(1, sum(length <= _KEPT_BY_ALL for length in accumulate(lengths)))


@lru_cache(maxsize=1024)
def _escaped(character: str) -> str:
    """The pattern of a character: as it is, with backslashes, or by its name or number."""
    if character[0] == "\\":
        return rf"\\{{{len(character)},}}"
    if character.isascii() and character.isalnum():
        return character
    # YAML doubles a quote within quotes.
    raw = "''?" if character == "'" else re.escape(character)
    named = rf"|\\+{_NAMED[character]}" if character in _NAMED else ""
    numbers = rf"\\+(?i:{'|'.join(_numbers(character))})"
    return rf"(?:\\*{raw}|{numbers}{named})"


def _numbers(character: str) -> Iterator[str]:
    """Of \\x3c, \\u003c and \\U0000003c what follows the backslash, as a pattern."""
    code, units = ord(character), character.encode("utf-16-be", "surrogatepass").hex()
    yield r"\\+".join(f"u{units[at : at + 4]}" for at in range(0, len(units), 4))
    yield f"U{code:08x}"
    if code < 0x100:
        yield f"x{code:02x}"


def _quoted(text: str) -> str:
    form = _forms(text)
    return rf"'{form}'|\"{form}\""


# The letter of an escape, such as that of \n, is no part of the word after it.
_NO_WORD_BEFORE = r"(?:(?<!\w)|(?<=\\[abefnrtv]))"


def _unquoted(text: str, *, as_word: bool = False) -> str:
    if not as_word and len(text) >= _SHORTEST_IN_A_WORD and not text.isalpha():
        return _forms(text)
    start = _NO_WORD_BEFORE if re.match(r"\w", text[:1]) else ""
    end = r"(?!\w)" if re.match(r"\w", text[-1:]) else ""
    return f"{start}{_forms(text)}{end}"


def _replacement(found: re.Match[str]) -> str:
    return NOT_SHOWN if found[0][0] in "'\"" and found[0][0] == found[0][-1] else PART_NOT_SHOWN
