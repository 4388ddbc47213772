"""The values of plain (unquoted) scalars in the Go parsers of Helm, Argo CD and Kubernetes.

These parsers mix YAML 1.1 and 1.2: `y` is true, `0777` and `0o777` are 511, `08` is 8, `1_000`
is 1000 and `1e3` is 1000, but `1:30` and `2001-01-01` are strings.
"""

from __future__ import annotations

import math
import re
from typing import Any

# Helm converts every number to a float. For integers below this limit, the output is still correct
# if a template uses `int` or `toYaml`. Longer numbers, of twelve digits or more, are usually
# account IDs or timestamps that should be strings.
INT_LIMIT = 10**11

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_SAFE_WORDS = {"", "~", "null", "true", "false"}
_FIRST = frozenset("+-.0123456789yYnNtTfFoO~")

_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_BINARY = re.compile(r"0b[-+][01]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_PLAIN_INT = re.compile(r"0|-?[1-9][0-9]*")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?")
_NUMBER_TO_SOME = re.compile(r"[-+]?(?:0[oO][0-9_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9][0-9_]*)")


def go_value(text: str) -> Any:
    """The value of a plain scalar in Helm and Argo CD."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first not in _FIRST or first.isalpha():
        return text
    if first == "." and not _DOT_FLOAT.fullmatch(text):
        return text
    number = _number(text.replace("_", ""))
    return text if number is None else number


def _number(text: str) -> int | float | None:
    if _INT.fullmatch(text) or _BINARY.fullmatch(text):
        number = _integer(text)
        if -(2**63) <= number < 2**63 or (number < 2**64 and text[0] not in "+-"):
            return number
    if _FLOAT.fullmatch(text):
        value = float(text)
        return None if math.isinf(value) else value
    return None


def _integer(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").lower()
    if digits.startswith(("0x", "0b")):
        return sign * int(digits[2:], 16 if digits[1] == "x" else 2)
    if digits.startswith("0"):
        return sign * int(digits.replace("o", "", 1), 8)
    # Go reads a number of thousands of digits as a float; Python would raise an error.
    return sign * (int(digits) if len(digits) < 25 else 10**25)


def go_text(value: float) -> str:
    """The output of `{{ .Values.x }}` for a number. Helm stores every number as a float."""
    value = float(value)
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return repr(value).removesuffix(".0")
    forms = (f"{value:.{digits}e}" for digits in range(18))
    return next(form for form in forms if float(form) == value)


def json_number(value: float) -> int | float:
    """The number as Go writes it to JSON: 1000.0 as 1000, 2.0**64 with its shortest digits."""
    if not value.is_integer() or abs(value) >= 1e21:
        return value
    if abs(value) < 2**53:
        return int(value)
    digits, exponent = go_text(value).split("e+")
    integer, _, fraction = digits.partition(".")
    return int((integer + fraction).ljust(int(exponent) + len(integer), "0"))


def strict_value(text: str, *, any_size: bool = False) -> Any:
    """The value of a plain scalar. Raises ValueError if YAML parsers read it differently.

    With `any_size`, an integer that Helm would print in another form is accepted too.
    """
    if text and text[0] not in _FIRST:
        return text
    if text in _WORDS:
        return _word(text)
    if text[0].isalpha():
        return text
    value = go_value(text)
    if isinstance(value, str):
        return _text(text)
    if _PLAIN_INT.fullmatch(text) and (abs(value) < INT_LIMIT or _is_exact(value, any_size)):
        return value
    if isinstance(value, float) and go_text(value) == text:
        return value
    raise ValueError(_changed_number(text, value))


def _is_exact(value: float, any_size: bool) -> bool:
    """Whether a large integer may be accepted, because no program reads it with a loss."""
    return any_size and abs(value) < 2**53


def _word(text: str) -> Any:
    value = _WORDS[text]
    if text in _SAFE_WORDS:
        return value
    meaning = {True: "true", False: "false", None: "null"}.get(value)
    if meaning is None:
        raise ValueError(f"{text} is not a valid number in Kubernetes; {_quoted(text)}")
    raise ValueError(f"{text} is read as {meaning}; write {meaning} or, {_quoted(text)}")


def _text(text: str) -> str:
    if _BASE_60.fullmatch(text):
        problem = "a base-60 number"
    elif _DATE.fullmatch(text):
        problem = "a date"
    elif _FLOAT.fullmatch(text) or _NUMBER_TO_SOME.fullmatch(text):
        problem = "a number"
    else:
        return text
    readings = f"some YAML parsers read {shown(text)} as {problem} and others as a string"
    raise ValueError(f"{readings}; {_quoted(text)}")


def _changed_number(text: str, value: float) -> str:
    printed = go_text(value)
    if _PLAIN_INT.fullmatch(text):
        return f"Helm would print {shown(text)} as {printed}; {_quoted(text)}"
    choice = "" if "e" in printed else f"write {printed} or, "
    return f"{shown(text)} is read as the number {printed}; {choice}{_quoted(text)}"


def _quoted(text: str) -> str:
    return f'if it is a string, quote it: "{shown(text)}"'


def shown(text: str, limit: int = 40) -> str:
    """`text` on one line, truncated to `limit` characters for a message."""
    line = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return line if len(line) <= limit else line[: limit - 1] + "…"
