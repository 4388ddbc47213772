"""What PostgreSQL accepts in postgresql.conf and as options of initdb, for each major version.

The facts are in settings.json, which tools/postgres_settings/update.py generates from servers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gitops_gen.model import Values

FILE = Path(__file__).with_name("settings.json")
OFFICIAL_NAME = "postgres"

_MEMORY = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_TIME = {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_RENAMED = {"sort_mem": "work_mem", "vacuum_mem": "maintenance_work_mem"}
"""Old names of parameters that every major version accepts."""
_BOOLEANS = ("true", "false", "yes", "no")
_BOOLEAN_WORDS = frozenset(["on", "off", "of", "1", "0"]) | {
    word[:length] for word in _BOOLEANS for length in range(1, len(word) + 1)
}
_MULTIPLES_OF_16 = frozenset(
    f"{cache}_buffers"
    for cache in (
        *("commit_timestamp", "multixact_member", "multixact_offset", "notify"),
        *("serializable", "subtransaction", "transaction"),
    )
)
"""Numbers of pages that the server accepts only in whole banks, although 0 means a default."""
_SMALLEST_OR_ZERO = {"vacuum_buffer_usage_limit": 128}
"""The lowest value besides 0, in the unit of the parameter."""
_NUMBER = re.compile(
    r"\s*([+-]?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))"
    r"\s*([A-Za-z]*)\s*"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter of one major version, as its server describes it."""

    name: str
    facts: Mapping[str, Any]

    def problem(self, text: str) -> str | None:
        """Returns why the server refuses the value, and what to write; None if it accepts it."""
        kind = self.facts["type"]
        if kind == "bool":
            return None if text.lower() in _BOOLEAN_WORDS else "is not a boolean; write on or off"
        if kind == "enum":
            return self._enum_problem(text)
        return self._number_problem(text) if kind in ("integer", "real") else None

    def _enum_problem(self, text: str) -> str | None:
        words = self.facts["words"]
        if text.lower() in (*words, *self.facts["alsoAccepted"]):
            return None
        return f"is not one of {', '.join(words)}; write one of them"

    def amount(self, text: str) -> float | None:
        """Returns the number in the parameter's own unit; None if the server refuses it."""
        match = _NUMBER.fullmatch(text)
        number = None if match is None else _number(match[1], self.facts["type"])
        factor = None if match is None else self._factor(match[2])
        if number is None or factor is None:
            return None
        converted = number * factor
        return round(converted) if self.facts["type"] == "integer" else converted

    def _number_problem(self, text: str) -> str | None:
        amount, low, high = self.amount(text), self.facts["minimum"], self.facts["maximum"]
        if amount is not None and low <= amount <= high:
            return self._step_problem(amount)
        wrong = "is not a valid number" if amount is None else "is out of range"
        return f"{wrong}; write {self._expected()}"

    def _step_problem(self, amount: float) -> str | None:
        """Returns the problem with a number in the range that the server refuses nevertheless."""
        if self.name in _MULTIPLES_OF_16 and amount % 16:
            return "is not a multiple of 16 pages; write one, or 0 for the default"
        smallest = _SMALLEST_OR_ZERO.get(self.name, 0)
        if 0 < amount < smallest:
            return f"is out of range; write {self._amount(smallest)} or more, or 0"
        return None

    def _expected(self) -> str:
        low, high = (self._amount(self.facts[key]) for key in ("minimum", "maximum"))
        words = f"a number from {low} to {high}"
        return f"{words}, with a unit such as {', '.join(self._units)}" if self._units else words

    def _amount(self, number: float) -> str:
        size, unit = _unit(self.facts.get("unit", ""))
        return f"{number * size:.15g}{unit if number > 0 else ''}"

    @property
    def _units(self) -> Mapping[str, float]:
        _, unit = _unit(self.facts.get("unit", ""))
        return next((table for table in (_MEMORY, _TIME) if unit in table), {})

    def _factor(self, unit: str) -> float | None:
        """Returns the factor from a unit to the parameter's own unit."""
        if not unit:
            return 1
        if unit not in self._units:
            return None
        size, base = _unit(self.facts["unit"])
        return self._units[unit] / (size * self._units[base])


def majors() -> tuple[int, ...]:
    """Returns the major versions whose facts are known, in ascending order."""
    return tuple(sorted(int(major) for major in _facts()["versions"]))


def major_of(image: Values) -> int | None:
    """Returns the major version of an image with the name of the official one."""
    match = re.match(r"([0-9]{1,3})(?![0-9])", str(image.get("tag") or ""))
    is_official = str(image["repository"]).rpartition("/")[2] == OFFICIAL_NAME
    return int(match[1]) if match and is_official else None


def setting(name: str, major: int) -> Setting | None:
    """Returns a parameter of a major version; None if that version does not have it."""
    folded = _RENAMED.get(name.lower(), name.lower())
    for entry in _settings().get(folded, ()):
        if entry["from"] <= major <= entry["to"]:
            return Setting(name, entry)
    return None


def names(major: int) -> Iterator[str]:
    """Yields the names of all parameters of a major version."""
    return (name for name in _settings() if setting(name, major))


def initdb_options(major: int) -> Mapping[str, bool]:
    """Returns the options of initdb, and whether each requires a value."""
    options: Mapping[str, bool] = _facts()["initdb"][str(major)]
    return options


def written(value: object) -> str:
    """Returns a value of `parameters` as the text that the server reads."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


@cache
def _facts() -> Values:
    facts: Values = json.loads(FILE.read_bytes())
    return facts


@cache
def _settings() -> Mapping[str, list[Values]]:
    """Returns the facts by names in lower case, because the server ignores the case."""
    return {name.lower(): found for name, found in _facts()["settings"].items()}


def _unit(text: str) -> tuple[int, str]:
    """Returns the number and the unit of `8kB`: 8 and kB."""
    unit = text.lstrip("0123456789")
    return int(text.removesuffix(unit) or 1), unit


def _number(text: str, kind: str) -> float | None:
    """Returns the number. Like the server, it reads integers with a leading zero as octal."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.lower().startswith("0x"):
        return sign * int(digits, 16)
    if kind == "integer" and digits.isdecimal() and digits.startswith("0") and digits != "0":
        return sign * int(digits, 8) if not set(digits) & {"8", "9"} else None
    return sign * float(digits)
