"""How messages speak of values, keys and what is expected of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitops_gen.model import Path, dotted
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

    What the path of the value says of it, `Hidden` knows; a token is a secret anywhere.
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
    """As `show`, of a value at `path` in the tree that `hidden` is of; a list with its items."""
    if isinstance(value, list):
        return f"[{', '.join(show_at(hidden, (*path, at), item) for at, item in enumerate(value))}]"
    return show_if(hidden.shows(path, value), value)


def show_if(shown: bool, value: Any) -> str:
    """As `show`, of a value that may be a secret unless it is `shown`."""
    return show(value) if shown or value is None else NOT_SHOWN


def wrong_type(value: Any, shown: str, expected: str | list[str]) -> str:
    names = [expected] if isinstance(expected, str) else expected
    wanted = type_names(names)
    if isinstance(value, (dict, list)):
        return f"is {show(value)}, not {wanted}"
    if "string" in names:
        return f"{shown} is not {wanted}; put it in quotes if it is one"
    return f"{shown} is not {wanted}"


def type_names(types: Iterable[str]) -> str:
    return " or ".join(name for kind, name in _TYPES.items() if kind in types)


def outside_limit(keyword: str, shown: str, limit: Any) -> str | None:
    """What a keyword such as maximum or minItems says, if it is such a one."""
    template = _LIMITS.get(keyword)
    if template is None:
        return None
    unit = _UNITS.get(keyword.removeprefix("min").removeprefix("max"))
    if unit:
        limit = f"{limit} {unit}" if limit == 1 else f"{limit} {unit}s"
    return template.format(value=shown, limit=limit)


def not_one_of(value: Any, shown: str, allowed: Iterable[Any]) -> str:
    known = list(allowed)
    hint = "" if shown == NOT_SHOWN else did_you_mean(str(value), [str(item) for item in known])
    listed = ", ".join(show(item) for item in known)
    return f"{shown} is not one of {listed}{hint}" if len(known) > 1 else f"must be {listed}"


def misfit(shown: str, pattern: str, about: dict[str, Any]) -> str:
    """`about` is the schema that the pattern stands in."""
    described = described_as(about)
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
    """But AWS, CIDR and VPC's stay as they are."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def unknown_key(key: str, known: dict[str, Any]) -> str:
    """`known` are the properties that the schema has here."""
    hint = _further_down(key, known) or did_you_mean(key, known)
    if hint or not known:
        return f"unknown key{hint}"
    listed = sorted(known)[:_LISTED_AT_MOST]
    more = ", …" if len(known) > len(listed) else ""
    return f"unknown key; known here: {', '.join(listed)}{more}"


def path_of_unknown(path: Path, known: Iterable[str]) -> str:
    """The path of an unknown key, without the key where that may be or hold a secret.

    Where secrets are written, an unknown key may be one in braces; anywhere, `key:value` without
    a space is one key with the value in it.
    """
    key = path[-1]
    if isinstance(key, int) or did_you_mean(key, known):
        return dotted(path)
    hidden = ":" in key or is_sensitive(path[:-1])
    return f"{dotted(path[:-1])}.{KEY_NOT_SHOWN}" if hidden else dotted(path)


def _further_down(key: str, known: dict[str, Any]) -> str:
    """`tag` beside `image` was meant to be in it."""
    homes = (name for name, schema in known.items() if key in schema.get("properties", {}))
    home = next(homes, None)
    return f"; did you mean '{home}.{key}'?" if home else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'postgres'?`, or nothing."""
    from difflib import get_close_matches

    folded = {_folded(name): name for name in known if not looks_secret(name)}
    close = get_close_matches(_folded(word), folded, n=1, cutoff=0.65)
    return f"; did you mean '{folded[close[0]]}'?" if close else ""


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
