"""Plaintext secrets, found by structure: a sensitive name with a literal value, credentials
in an address, a key or token of a known form, the data of a Secret. What says where a secret
is passes: `existingSecret`, `*File`, `*Key`, ARNs, digests, `$(VARIABLE)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.declared import declared_place
from gitops_gen.secrets.names import Doubt, doubt, names_a_secret, says_where, singular
from gitops_gen.secrets.walk import Path

# A value's name may stand beside it or above it: {name: DB_PASSWORD, value: …}.
_NEUTRAL = frozenset(
    ["value", "default", "plain", "plaintext", "text", "literal", "content", "val"]
)
# A SealedSecret's.
_ENCRYPTED = "encryptedData"
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in plain text; its description never quotes the secret itself."""

    path: Path
    description: str
    of_key: bool = False
    """A key of the map at `path` is the secret, and not what stands there."""


@dataclass(frozen=True, slots=True)
class Named:
    """A single value with what it is called; `refers`: a secret's whereabouts, not its value."""

    path: Path
    value: Any
    name: str
    refers: bool


def leaks(value: Any) -> Iterator[Leak]:
    """The secrets in a tree of plain values."""
    for found in _walk(value, (), "", False):
        leak = _leak(found) if isinstance(found, Named) else found
        if leak and not _is_one_of_few_words(leak.path):
            yield leak


def _is_one_of_few_words(path: Path) -> bool:
    """The schema knows all the words that may stand there, so that none of them is a secret."""
    place = declared_place(path)
    return place is not None and bool(place.words)


def named(value: Any) -> Iterator[Named]:
    """The single values of a tree: a name may stand above, beside or before a value."""
    return (found for found in _walk(value, (), "", False) if isinstance(found, Named))


def secret_in_text(text: str) -> str | None:
    """The secret that a text holds, whatever the name of the place where it stands."""
    return texts.secret_by_form(text) or _secret_by_name(text)


def _secret_by_name(text: str) -> str | None:
    """The secret that a text holds under a name: `password: …` in a file of settings."""
    inner = next(texts.named_secrets(text), None)
    return f"what '{inner[0]}' in it names, as plain text" if inner else None


def _walk(value: Any, path: Path, name: str, refers: bool) -> Iterator[Leak | Named]:
    """The values to be looked at, and what needs no look: a Secret's data, a secret as a key."""
    if isinstance(value, dict):
        yield from _in_map(value, path, name, refers)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index), _item_name(value, index, name), refers)
    else:
        yield Named(path, value, name, refers)


def _in_map(value: dict[str, Any], path: Path, name: str, refers: bool) -> Iterator[Leak | Named]:
    data = [key for key in value if _is_data(value, path, key)]
    yield from (Leak((*path, key), "the data of a Secret") for key in data)
    for key, item in value.items():
        if found := texts.secret_by_form(key):
            yield Leak(path, f"{found} as a key", of_key=True)
        if key not in data and key != _ENCRYPTED:
            below = refers or (says_where(key) and not singular(key))
            yield from _walk(item, (*path, key), _name(value, key, name), below)


def _is_data(value: dict[str, Any], path: Path, key: str) -> bool:
    """A Secret's own data, whole or as a chart takes it: `secret: {data: {…}}`."""
    if not isinstance(value.get(key), dict) or not value[key]:
        return False
    if key.lower().endswith("secretdata"):
        return True
    in_secret = bool(path) and str(path[-1]).lower() in ("secret", "secrets")
    return key == "stringData" or (key == "data" and (value.get("kind") == "Secret" or in_secret))


def _name(siblings: dict[str, Any], key: str, above: str) -> str:
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


def _leak(found: Named) -> Leak | None:
    if found.value is None or isinstance(found.value, bool):
        return None
    text = str(found.value)
    description = texts.secret_by_form(text)
    if description is None and _is_secret(found.name, text, found.refers):
        description = f"what '{found.name}' names, as plain text"
    description = description or _secret_by_name(text)
    return Leak(found.path, description) if description else None


def _is_secret(name: str, text: str, refers: bool) -> bool:
    level = doubt(name)
    if level is Doubt.NONE or not texts.is_literal(text):
        return False
    if level is Doubt.CERTAIN and not refers:
        return True
    if names_a_secret(name) and not texts.could_be_a_name(text):
        return True
    return texts.looks_random(text)
