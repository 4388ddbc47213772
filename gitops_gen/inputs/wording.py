"""The words of messages about values, keys and what the schema expects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitops_gen.model import FieldPath, Path
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import (
    KEY_NOT_SHOWN,
    NOT_SHOWN,
    is_sensitive,
    looks_secret,
)

_TYPES = {
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
    "null": "null",
}
_LIMITS = {
    "minimum": "{value} is below {limit}",
    "exclusiveMinimum": "{value} is not above {limit}",
    "maximum": "{value} is above {limit}",
    "exclusiveMaximum": "{value} is not below {limit}",
    "minLength": "{value} is shorter than {limit}",
    "maxLength": "{value} is longer than {limit}",
    "minItems": "needs at least {limit}",
    "maxItems": "has more than {limit}",
    "minProperties": "needs at least {limit}",
    "maxProperties": "has more than {limit}",
}
_UNITS = {"Length": "character", "Items": "item", "Properties": "key"}
_LISTED_AT_MOST = 12


def show(value: Any) -> str:
    """A value as a message prints it: on one line, short, nothing that a terminal obeys.

    A token is not shown. Whether the path of a value makes it a secret is decided by `Hidden`.
    """
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if looks_secret(value):
            return NOT_SHOWN
        text = value.encode("unicode_escape").decode("ascii") if not value.isprintable() else value
        return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"
    return "null" if value is None else str(value)


def show_at(hidden: Hidden, path: Path, value: Any) -> str:
    """As `show`, for the value at `path` of the values in `hidden`; a list with its items."""
    if isinstance(value, list):
        return f"[{', '.join(show_at(hidden, (*path, at), item) for at, item in enumerate(value))}]"
    return show_if(hidden.shows(path, value), value)


def show_if(shown: bool, value: Any) -> str:
    """As `show` if the value is `shown`; otherwise it may be a secret."""
    return show(value) if shown or value is None else NOT_SHOWN


def wrong_type(value: Any, shown: str, expected: str | list[str]) -> str:
    names = [expected] if isinstance(expected, str) else expected
    types = type_names(names)
    if isinstance(value, (dict, list)):
        return f"is {show(value)}, not {types}"
    if "string" in names:
        return f"{shown} is not {types}; put it in quotes if it is one"
    return f"{shown} is not {types}"


def type_names(types: Iterable[str]) -> str:
    return " or ".join(name for kind, name in _TYPES.items() if kind in types)


def outside_limit(keyword: str, shown: str, limit: Any) -> str | None:
    """The message of a keyword such as maximum or minItems; None for another keyword."""
    template = _LIMITS.get(keyword)
    if template is None:
        return None
    unit = _UNITS.get(keyword.removeprefix("min").removeprefix("max"))
    if unit:
        limit = f"{limit} {unit}" if limit == 1 else f"{limit} {unit}s"
    return template.format(value=shown, limit=limit)


def not_one_of(value: Any, shown: str, allowed: Iterable[Any]) -> str:
    items = list(allowed)
    hint = "" if shown == NOT_SHOWN else did_you_mean(str(value), [str(item) for item in items])
    listed = ", ".join(show(item) for item in items)
    return f"{shown} is not one of {listed}{hint}" if len(items) > 1 else f"must be {listed}"


def pattern_mismatch(shown: str, pattern: str, schema: dict[str, Any]) -> str:
    """The message about a text that does not match the pattern of `schema`."""
    described = described_as(schema)
    return f"{shown} does not fit{described}" if described else f"{shown} does not match {pattern}"


def described_as(schema: dict[str, Any]) -> str:
    """`: the VPC's id, for instance 'vpc-0a1b2c3d'`, or nothing."""
    text = str(schema.get("description", "")).rstrip(".")
    examples = [e for e in schema.get("examples", ()) if not isinstance(e, (dict, list))]
    hint = f", for instance {show(examples[0])}" if examples else ""
    return f": {_lower_first(text)}{hint}" if text else ""


def example(schema: dict[str, Any]) -> str:
    """`; write for instance ["vpc-cni"]`: the first example of a map or a list, or nothing."""
    from json import dumps

    examples = (e for e in schema.get("examples", ()) if isinstance(e, (dict, list)))
    text = dumps(next(examples, None), ensure_ascii=False)
    return f"; write for instance {text}" if text != "null" and len(text) <= 100 else ""


def _lower_first(text: str) -> str:
    """The text with a small first letter, unless it begins with a name such as AWS or VPC."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def unknown_key(key: str, properties: dict[str, Any]) -> str:
    """The message about a key that is not among the properties of its map."""
    hint = _key_of_a_property(key, properties) or did_you_mean(key, properties)
    if hint or not properties:
        return f"unknown key{hint}"
    listed = sorted(properties)[:_LISTED_AT_MOST]
    more = ", …" if len(properties) > len(listed) else ""
    return f"unknown key; known here: {', '.join(listed)}{more}"


def path_of_unknown(path: Path, keys: Iterable[str]) -> FieldPath:
    """The path of an unknown key, without the key where that may be or hold a secret.

    Where secrets are written, an unknown key may be a secret in braces; anywhere, `key:value`
    without a space is one key that holds the value. `keys` are those that the schema has there.
    """
    above, key = path[:-1], path[-1]
    if isinstance(key, int) or did_you_mean(key, keys):
        return FieldPath(path)
    may_be_secret = ":" in key or is_sensitive(above)
    return FieldPath((*above, KEY_NOT_SHOWN) if may_be_secret else path)


def _key_of_a_property(key: str, properties: dict[str, Any]) -> str:
    """A hint where a property has this key: `tag` beside `image` belongs into `image`."""
    names = (name for name, schema in properties.items() if key in schema.get("properties", {}))
    name = next(names, None)
    return f"; did you mean '{name}.{key}'?" if name else ""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`; did you mean 'postgres'?`, or nothing."""
    from difflib import get_close_matches

    folded = {_folded(name): name for name in names if not looks_secret(name)}
    close = get_close_matches(_folded(word), folded, n=1, cutoff=0.65)
    return f"; did you mean '{folded[close[0]]}'?" if close else ""


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
