"""Texts of messages about values, keys and the expectations of the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from gitops_gen.model import FieldPath, Path
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import (
    KEY_NOT_SHOWN,
    NOT_SHOWN,
    looks_secret,
    refused_key_may_be_shown,
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
    """Returns a value as a message prints it: short, on one line, without control characters.

    A token is not shown. `Hidden` decides whether a value is a secret because of its path.
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
        text = _on_one_line(value)
        return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"
    return "null" if value is None else str(value)


def show_in_full(path: Path, value: Any, shows: Callable[[Path, Any], bool]) -> str:
    """Returns a whole value on one line. `shows` is whether the value at a path may be shown.

    A key that is a token is not shown either.
    """
    if isinstance(value, dict):
        keys = {key: NOT_SHOWN if looks_secret(str(key)) else key for key in value}
        items = (f"{keys[key]}: {show_in_full((*path, key), value[key], shows)}" for key in value)
        return f"{{{', '.join(map(_on_one_line, items))}}}"
    if isinstance(value, list):
        parts = (show_in_full((*path, at), item, shows) for at, item in enumerate(value))
        return f"[{', '.join(parts)}]"
    if isinstance(value, str) and shows(path, value) and not looks_secret(value):
        return f"'{_on_one_line(value)}'"
    return show_if(shows(path, value), value)


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def show_at(hidden: Hidden, path: Path, value: Any) -> str:
    """Like `show`, for the value at `path` of the values in `hidden`. Shows items of a list."""
    if isinstance(value, list):
        return f"[{', '.join(show_at(hidden, (*path, at), item) for at, item in enumerate(value))}]"
    return show_if(hidden.shows(path, value), value)


def show_if(shown: bool, value: Any) -> str:
    """Like `show`, but hides the value unless `shown`, because it may be a secret."""
    return show(value) if shown or value is None else NOT_SHOWN


def wrong_type(value: Any, shown: str, expected: str | list[str]) -> str:
    names = [expected] if isinstance(expected, str) else expected
    types = type_names(names)
    if isinstance(value, (dict, list)):
        return f"is {show(value)}, not {types}"
    if "string" in names:
        return f"{shown} is not {types}; if it is one, quote it"
    return f"{shown} is not {types}"


def type_names(types: Iterable[str]) -> str:
    return " or ".join(name for kind, name in _TYPES.items() if kind in types)


def outside_limit(keyword: str, shown: str, limit: Any) -> str | None:
    """Returns the message of a keyword such as maximum or minItems; None for other keywords."""
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
    """Returns the message about a string that does not match the pattern of `schema`."""
    described = described_as(schema).removeprefix(": ")
    expected = f"expected {described}" if described else f"it does not match {pattern}"
    return f"{shown} is not valid; {expected}"


def described_as(schema: dict[str, Any]) -> str:
    """Returns `: the ID of the VPC, for example 'vpc-0a1b2c3d'`, or an empty string.

    Only the first sentence of the description is used; the others explain more than is expected.
    """
    text = re.split(r"\.(?:\s|$)", str(schema.get("description", "")), maxsplit=1)[0]
    examples = [e for e in schema.get("examples", ()) if not isinstance(e, (dict, list))]
    hint = f", for example {show(examples[0])}" if examples else ""
    return f": {_lower_first(text)}{hint}" if text else ""


def content(schema: dict[str, Any]) -> str:
    """Returns an example of a map or a list, or the keys of a map, or an empty string."""
    keys = schema.get("properties", {})
    return _example(schema) or (f"; the keys here are: {listed(keys)}" if keys else "")


def _example(schema: dict[str, Any]) -> str:
    """Returns `; write for example ["vpc-cni"]` for a map or a list, or an empty string."""
    from json import dumps

    examples = (e for e in schema.get("examples", ()) if isinstance(e, (dict, list)))
    text = dumps(next(examples, None), ensure_ascii=False)
    return f"; write for example {text}" if text != "null" and len(text) <= 100 else ""


def _lower_first(text: str) -> str:
    """Lowers the first letter, unless the text begins with a name such as AWS or VPC."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def unknown_key(key: str, schema: dict[str, Any]) -> str:
    """Returns the message about a key that is not a property of the map with this schema."""
    properties = schema.get("properties", {})
    hint = _hint(key, schema.get("hints", {}))
    hint = hint or _key_of_a_property(key, properties) or did_you_mean(key, properties)
    if hint or not properties:
        return f"unknown key{hint}"
    return f"unknown key; the keys here are: {listed(properties, key)}"


def _hint(key: str, hints: dict[str, str]) -> str:
    """Returns what to write instead of a key that users know from Kubernetes or other charts."""
    texts = {_folded(name): text for name, text in hints.items()}
    text = texts.get(_folded(key))
    return f"; {text}" if text else ""


def listed(names: Iterable[str], word: str = "") -> str:
    """Returns `digest, repository, tag`. Of many names, those most similar to `word` come first."""
    ordered = sorted(names)
    if len(ordered) <= _LISTED_AT_MOST:
        return ", ".join(ordered)
    ordered.sort(key=lambda name: -_similarity(name, word))
    return f"{', '.join(ordered[:_LISTED_AT_MOST])}, …"


def _similarity(name: str, word: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, _folded(name), _folded(word)).ratio() if word else 0.0


def known_keys(schema: dict[str, Any]) -> tuple[str, ...]:
    """Returns the keys of a map that its schema names, with those that have a hint."""
    return (*schema.get("properties", {}), *schema.get("hints", {}))


def path_of_unknown(path: Path, keys: Iterable[str]) -> FieldPath:
    """Returns the path of an unknown key, without the key if that may contain a secret.

    `keys` are the keys that the schema has there.
    """
    above, key = path[:-1], path[-1]
    if isinstance(key, int) or did_you_mean(key, keys):
        return FieldPath(path)
    shown = refused_key_may_be_shown(above, key)
    return FieldPath(path if shown else (*above, KEY_NOT_SHOWN))


def _key_of_a_property(key: str, properties: dict[str, Any]) -> str:
    """Suggests `image.tag` for the key `tag` if the property `image` has this key."""
    names = (name for name, schema in properties.items() if key in schema.get("properties", {}))
    name = next(names, None)
    return f"; did you mean '{name}.{key}'?" if name else ""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Returns `; did you mean 'postgres'?`, or an empty string."""
    from difflib import get_close_matches

    folded = {_folded(name): name for name in names if not looks_secret(name)}
    close = get_close_matches(_folded(word), folded, n=1, cutoff=0.65)
    return f"; did you mean '{folded[close[0]]}'?" if close else ""


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
