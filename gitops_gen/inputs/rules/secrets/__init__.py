"""Plaintext secrets, found by structure: a sensitive name with a literal value, credentials
in an address, a key or token of a known form, the data of a Secret. What says where a secret
is passes: `existingSecret`, `*File`, `*Key`, ARNs, digests, `$(VARIABLE)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gitops_gen.inputs.rules.secrets import texts
from gitops_gen.inputs.rules.secrets.names import (
    Doubt,
    doubt,
    identifies_a_secret,
    names_a_secret,
    says_where,
    singular,
)
from gitops_gen.model import Document, Finding, Path, Position, Values, dotted

RULE = "plaintext-secret"

_ADVICE = "put it into a Secret and name that"
# How a tier gets its password, and not the password; the schema knows the words for it.
_WAY = ("databasePassword",)
_OR = f"if it is none, end the line with '# allow: {RULE}'"
# A value's name may stand beside it or above it: {name: DB_PASSWORD, value: …}.
_NEUTRAL = frozenset(
    ["value", "default", "plain", "plaintext", "text", "literal", "content", "val"]
)
# A SealedSecret's.
_ENCRYPTED = "encryptedData"
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")


def findings(layer: Document) -> Iterable[Finding]:
    for path, what in _leaks(layer.value, ()):
        if path[2:] != _WAY or path[0] != "tiers":
            place, where = layer.values[path], dotted(path) or "the file"
            yield Finding(RULE, f"{where}: holds {what}; {_advice(place)}", place)


def _advice(place: Position) -> str:
    # JSON has no comments.
    return _ADVICE if place.file.endswith(".json") else f"{_ADVICE} ({_OR})"


def may_be_shown(path: Path, value: Any) -> bool:
    """Whether a message about another error may print the value."""
    keys = [part for part in path if isinstance(part, str)]
    named = any(doubt(key) is Doubt.CERTAIN or identifies_a_secret(key) for key in keys)
    if named or not isinstance(value, str):
        return not named
    return not texts.given_away(value) and not texts.names_a_user(value)


def _leaks(
    value: Any, path: Path, name: str = "", refers: bool = False
) -> Iterator[tuple[Path, str]]:
    """`name` is what the value is called; `refers`: a secret's whereabouts, not its value."""
    if isinstance(value, dict):
        yield from _in_map(value, path, name, refers)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaks(item, (*path, index), _item_name(value, index, name), refers)
    elif what := _given_away(value, name, refers):
        yield path, what


def _in_map(value: Values, path: Path, name: str, refers: bool) -> Iterator[tuple[Path, str]]:
    data = [key for key in value if _is_data(value, path, key)]
    yield from (((*path, key), "the data of a Secret") for key in data)
    for key, item in value.items():
        if texts.given_away(key):
            yield path, f"{texts.given_away(key)} as a key"
        if key not in data and key != _ENCRYPTED:
            below = refers or (says_where(key) and not singular(key))
            yield from _leaks(item, (*path, key), _name(value, key, name), below)


def _is_data(value: Values, path: Path, key: str) -> bool:
    """A Secret's own data, whole or as a chart takes it: `secret: {data: {…}}`."""
    if not isinstance(value.get(key), dict) or not value[key]:
        return False
    if key.lower().endswith("secretdata"):
        return True
    in_secret = bool(path) and str(path[-1]).lower() in ("secret", "secrets")
    return key == "stringData" or (key == "data" and (value.get("kind") == "Secret" or in_secret))


def _name(siblings: Values, key: str, above: str) -> str:
    if key in _NEUTRAL:
        beside = siblings.get("name", siblings.get("key", above))
        return beside if isinstance(beside, str) else key
    if doubt(key) is Doubt.NONE and not says_where(key):
        return singular(above) or key
    return key


def _item_name(items: list[Any], index: int, above: str) -> str:
    """`--password` before it in a list of arguments; `password` in a list of `passwords`."""
    before = items[index - 1] if index else None
    if isinstance(before, str) and _OPTION.fullmatch(before):
        return before.lstrip("-")
    return singular(above) or (above if doubt(above) is Doubt.CERTAIN else "")


def _given_away(value: Any, name: str, refers: bool) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    text = str(value)
    if isinstance(value, str) and (found := texts.given_away(value)):
        return found
    if _is_secret(name, text, refers):
        return f"what '{name}' names, as plain text"
    for inner, assigned in texts.assignments(text):
        if doubt(inner) is Doubt.CERTAIN and _is_secret(inner, assigned, refers=False):
            return f"what '{inner}' in it names, as plain text"
    return None


def _is_secret(name: str, text: str, refers: bool) -> bool:
    level = doubt(name)
    if level is Doubt.NONE or not texts.is_literal(text):
        return False
    if level is Doubt.CERTAIN and not refers:
        return True
    if names_a_secret(name) and not texts.could_be_a_name(text):
        return True
    return texts.looks_random(text)
