"""Finds plaintext secrets: a sensitive name with a literal value, credentials in a URL, a key or
token of a known form, the data of a Secret. References to secrets are not reported:
`existingSecret`, `*File`, `*Key`, ARNs, digests, `$(VARIABLE)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.declared import declared_place
from gitops_gen.secrets.names import (
    Likelihood,
    is_reference_name,
    likelihood,
    names_a_secret,
    singular,
)
from gitops_gen.secrets.walk import Path

# The name of a value may be a sibling or a parent: {name: DB_PASSWORD, value: …}.
_NEUTRAL = frozenset(
    ["value", "default", "plain", "plaintext", "text", "literal", "content", "val"]
)
# The key of a SealedSecret.
_ENCRYPTED = "encryptedData"
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Leak:
    """A plaintext secret. Its description never contains the secret."""

    path: Path
    description: str
    of_key: bool = False
    """Whether the secret is a key of the map at `path`, and not a value."""


@dataclass(frozen=True, slots=True)
class Named:
    """A scalar with its name; `refers` is whether it is a reference to a secret."""

    path: Path
    value: Any
    name: str
    refers: bool


def leaks(value: Any) -> Iterator[Leak]:
    """Yields the secrets in a tree of plain values."""
    for item in _walk(value, (), "", False):
        leak = _leak(item) if isinstance(item, Named) else item
        if leak and not _is_one_of_few_words(leak.path):
            yield leak


def _is_one_of_few_words(path: Path) -> bool:
    """Whether the schema lists all valid values at `path`, none of which is a secret."""
    place = declared_place(path)
    return place is not None and bool(place.words)


def named(value: Any) -> Iterator[Named]:
    """Yields the scalars of a tree with their names, which may be parents or siblings."""
    return (item for item in _walk(value, (), "", False) if isinstance(item, Named))


def secret_in_text(text: str) -> str | None:
    """Describes the secret in a text, regardless of the path of the text; None without one."""
    return texts.secret_by_form(text) or _secret_by_name(text)


def _secret_by_name(text: str) -> str | None:
    """Describes the secret in a text with a name, such as `password: …` in a settings file."""
    inner = next(texts.named_secrets(text), None)
    return f"text with a plaintext secret named '{inner[0]}'" if inner else None


def _walk(value: Any, path: Path, name: str, refers: bool) -> Iterator[Leak | Named]:
    """Yields the scalars, and the leaks that are not scalars: Secret data and secret keys."""
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
        if description := texts.secret_by_form(key):
            yield Leak(path, f"{description} as a key", of_key=True)
        if key not in data and key != _ENCRYPTED:
            below = refers or (is_reference_name(key) and not singular(key))
            yield from _walk(item, (*path, key), _name(value, key, name), below)


def _is_data(value: dict[str, Any], path: Path, key: str) -> bool:
    """Whether `key` contains Secret data, also in the values of a chart: `secret: {data: {…}}`."""
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
    if likelihood(key) is Likelihood.NONE and not is_reference_name(key):
        return singular(above) or key
    return key


def _item_name(items: list[Any], index: int, above: str) -> str:
    """Returns the name of an item: the option before it (`--password`), or `password` in a list
    `passwords`."""
    before = items[index - 1] if index else None
    if isinstance(before, str) and _OPTION.fullmatch(before):
        return before.lstrip("-")
    return singular(above) or (above if likelihood(above) is Likelihood.CERTAIN else "")


def _leak(scalar: Named) -> Leak | None:
    if scalar.value is None or isinstance(scalar.value, bool):
        return None
    text = str(scalar.value)
    description = texts.secret_by_form(text)
    if description is None and _is_secret(scalar.name, text, scalar.refers):
        description = f"a plaintext secret named '{scalar.name}'"
    description = description or _secret_by_name(text)
    return Leak(scalar.path, description) if description else None


def _is_secret(name: str, text: str, refers: bool) -> bool:
    level = likelihood(name)
    if level is Likelihood.NONE or not texts.is_literal(text):
        return False
    if level is Likelihood.CERTAIN and not refers:
        return True
    if names_a_secret(name) and not texts.could_be_a_name(text):
        return True
    return texts.looks_random(text)
