"""Plain data -> YAML that every reader of YAML 1.1, 1.2 and Go's mix of them reads the same.

No library: the bytes must not change with a library's version, and no Python dumper quotes all
that Go would read as something else (`685e8`, `1e3`, `08`, `y`).
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gitops_gen.yaml.scalars import json_number
from gitops_gen.yaml.source import forbidden

_EXACT = 2**53
# libyaml gives up on a key that is longer than 1024 characters.
_LONGEST_KEY = 1000

_PLAIN = re.compile(r"[A-Za-z0-9_/](?:[A-Za-z0-9_./@%+=~^$()*;!<>&-]|:(?=\S)| +(?![ #]|$))*")
_ANY_NUMBER = re.compile(r"[0-9][0-9a-fA-FxXoOtTzZ_.,:+ -]*")
_WORDS = frozenset(
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nil", "nan", "inf"]
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Style:
    """`step` is the indentation of a level, `dash` that of a list under its key."""

    step: int = 2
    dash: int = 2
    large: bool = False
    """Whether whole numbers may be so large that Helm, among the readers, would round them."""


def dump(value: Any) -> str:
    """Block style, keys in their order; TypeError for what YAML has no form for."""
    lines = [flow(value)] if isinstance(value, str) else block(value, Style())
    return "\n".join([*lines, ""])


def dump_manifest(value: Any) -> str:
    """As `dump`, for a manifest: Argo CD and the API server read whole numbers of any size."""
    return "\n".join([*block(value, Style(large=True)), ""])


def block(value: Any, style: Style) -> list[str]:
    """The lines of `value`, not indented, without line ends; a text's lines still lack their own
    indentation under its first one, the `|`."""
    lines: list[str] = []
    _put(lines, "", "", value, style)
    return lines


def _put(lines: list[str], first_prefix: str, prefix: str, value: Any, style: Style) -> None:
    """Appends the lines of `value`: `first_prefix` precedes the first one, `prefix` the others."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            _put_entry(lines, first_prefix, prefix, _key(key), item, style)
            first_prefix = prefix
    elif isinstance(value, list) and value:
        for item in value:
            _put(lines, f"{first_prefix}- ", f"{prefix}  ", item, style)
            first_prefix = prefix
    elif isinstance(value, str) and "\n" in value and _is_literal(value):
        lines.append(f"{first_prefix}|" if value.endswith("\n") else f"{first_prefix}|-")
        texts = value.removesuffix("\n").split("\n")
        lines.extend(prefix + text if text else "" for text in texts)
    elif style.large and value.__class__ is int:
        lines.append(f"{first_prefix}{value}")
    else:
        lines.append(first_prefix + flow(value))


def _put_entry(
    lines: list[str], first_prefix: str, prefix: str, key: str, value: Any, style: Style
) -> None:
    if len(key) > _LONGEST_KEY:
        lines.append(f"{first_prefix}? {key}")
        _put(lines, f"{prefix}: ", f"{prefix}  ", value, style)
    elif isinstance(value, (dict, list)) and value:
        lines.append(f"{first_prefix}{key}:")
        below = prefix + " " * (style.step if isinstance(value, dict) else style.dash)
        _put(lines, below, below, value, style)
    else:
        _put(lines, f"{first_prefix}{key}: ", prefix + " " * style.step, value, style)


def flow(value: Any, quoted: bool = False) -> str:
    """`value` on one line; `quoted` as JSON, with every text in quotes."""
    if isinstance(value, dict):
        pairs = (f"{_key(key, quoted)}: {flow(item, quoted)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, quoted) for item in value) + "]"
    if isinstance(value, str):
        return double_quoted(value) if quoted else _text(value)
    return _constant(value)


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """Cached, since keys and short values recur all through a file."""
    return str(text) if is_plain(text) else double_quoted(text)


def _constant(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _int(value)
    if isinstance(value, float):
        return _float(value)
    raise TypeError(f"YAML has no form for {type(value).__name__}: {value!r}")


def _int(value: int) -> str:
    if abs(value) > _EXACT:
        raise ValueError(f"{value} would be rounded by its readers: give it as text")
    return str(int(value))


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} has no form in JSON")
    return str(json_number(value))


def _key(key: Any, quoted: bool = False) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be a text, not {type(key).__name__}: {key!r}")
    return flow(key, quoted)


def is_plain(text: str) -> bool:
    """Whether every reader certainly reads it as a text without quotes."""
    certain = text.lower() not in _WORDS and _ANY_NUMBER.fullmatch(text) is None
    return certain and has_plain_form(text)


def has_plain_form(text: str) -> bool:
    """Whether it is one token without quotes, in {…} too; it may still be read as a number."""
    return _PLAIN.fullmatch(text) is not None


def double_quoted(text: str) -> str:
    if _SURROGATE.search(text):
        raise ValueError("a text holds half of a surrogate pair, which is no character")
    json_text = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def _is_literal(text: str) -> bool:
    """Whether it may be written as it is under a `|`: nobody misreads its indentation there."""
    if text.endswith("\n\n") or text[0] in " \t\n" or "\r" in text or forbidden(text):
        return False
    return not any(line.isspace() for line in text.split("\n"))
