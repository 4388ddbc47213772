"""Versions of charts and ranges of versions, as Helm reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, total_ordering
from itertools import zip_longest
from typing import TypeAlias

_NUMBER = r"(?:0|[1-9][0-9]{0,17})"
_LABELS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_SUFFIX = rf"(?:-(?P<pre>{_LABELS}))?(?:\+(?P<build>{_LABELS}))?"
_EXACT = re.compile(rf"v?(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER}){_SUFFIX}")
_ANY = rf"(?:{_NUMBER}|[xX*])"
_PARTIAL = re.compile(
    rf"(?P<operator>[<>=!~^]{{0,2}})\s*"
    rf"v?(?P<major>{_ANY})(?:\.(?P<minor>{_ANY}))?(?:\.(?P<patch>{_ANY}))?{_SUFFIX}"
)
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")
_BETWEEN = re.compile(r"\s*,\s*|\s+(?=[<>=!~^v0-9xX*])")
_AFTER_OPERATOR = re.compile(r"(?<=[<>=!~^])\s+")
LONGEST = 256

Numbers: TypeAlias = tuple[int, int, int]


@total_ordering
@dataclass(frozen=True)
class ChartVersion:
    """A version such as `v1.21.1` or `3.0.0-rc.1+build`."""

    text: str
    numbers: Numbers
    prerelease: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> ChartVersion | None:
        """Returns the version; None if the text is not a complete version."""
        found = _EXACT.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            return None
        numbers = int(found["major"]), int(found["minor"]), int(found["patch"])
        return cls(text, numbers, _labels(found["pre"]))

    @property
    def major(self) -> int:
        return self.numbers[0]

    def __eq__(self, value: object) -> bool:
        return isinstance(value, ChartVersion) and self._key == value._key

    def __lt__(self, value: ChartVersion) -> bool:
        return self._key < value._key

    def __hash__(self) -> int:
        return hash(self._key)

    @cached_property
    def _key(self) -> tuple[Numbers, bool, tuple[tuple[bool, int, str], ...]]:
        """The order of versions. A release is newer than its pre-releases."""
        labels = (
            (not one.isdigit(), int(one) if one.isdigit() else 0, one) for one in self.prerelease
        )
        return self.numbers, not self.prerelease, tuple(labels)


def _labels(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(".")) if text else ()


@dataclass(frozen=True, slots=True)
class _Bound:
    """A comparison with a version: the operators `>=`, `<` and `!=` are sufficient."""

    operator: str
    version: ChartVersion

    def admits(self, version: ChartVersion) -> bool:
        if self.operator == ">=":
            return version >= self.version
        if self.operator == "<":
            return version < self.version
        if self.operator == ">":
            return version > self.version
        return version <= self.version if self.operator == "<=" else version != self.version


@dataclass(frozen=True, slots=True)
class _Alternative:
    """Bounds that must all hold."""

    bounds: tuple[_Bound, ...]
    excluded: tuple[_Alternative, ...] = ()
    prereleases: bool = False
    """Whether the range names a pre-release, so that pre-releases are admitted."""

    def admits(self, version: ChartVersion) -> bool:
        if version.prerelease and not self.prereleases:
            return False
        if any(one.admits(version) for one in self.excluded):
            return False
        return all(bound.admits(version) for bound in self.bounds)


@dataclass(frozen=True, slots=True)
class VersionRange:
    """A version or a range of versions, such as `^1.2`, `~1.2.3`, `1.x` or `>=1.2 <2 || 3.x`."""

    text: str
    alternatives: tuple[_Alternative, ...]

    @classmethod
    def parse(cls, text: str) -> VersionRange | None:
        """Returns the range; None if the text is neither a version nor a range."""
        if len(text) > LONGEST:
            return None
        alternatives = tuple(map(_alternative, text.split("||")))
        if None in alternatives:
            return None
        return cls(text, tuple(one for one in alternatives if one is not None))

    def admits(self, version: ChartVersion) -> bool:
        exact = ChartVersion.parse(self.text)
        if exact is not None:
            return version == exact
        return any(one.admits(version) for one in self.alternatives)


def newest(versions: Iterable[str], admitted: VersionRange | None = None) -> ChartVersion | None:
    """Returns the newest version that the range admits; by default, the newest release."""
    wanted = admitted or VersionRange.parse("*")
    parsed = filter(None, map(ChartVersion.parse, versions))
    return max((one for one in parsed if wanted and wanted.admits(one)), default=None)


def is_exact(text: str) -> bool:
    """Returns whether a text is one version and not a range."""
    return ChartVersion.parse(text) is not None


def _alternative(text: str) -> _Alternative | None:
    between = _HYPHEN.fullmatch(text.strip())
    if between:
        parts = [f">={between[1]}", f"<={between[2]}"]
    else:
        parts = _BETWEEN.split(_AFTER_OPERATOR.sub("", text.strip()))
    bounds: list[_Bound] = []
    excluded: list[_Alternative] = []
    prereleases = False
    for part in parts:
        found = _PARTIAL.fullmatch(part)
        limits = None if found is None else _bounds(found)
        if found is None or limits is None:
            return None
        prereleases = prereleases or found["pre"] is not None
        if found["operator"] == "!=":
            excluded.append(_Alternative(tuple(limits), prereleases=True))
        else:
            bounds += limits
    return _Alternative(tuple(bounds), tuple(excluded), prereleases)


def _bounds(found: re.Match[str]) -> list[_Bound] | None:
    """Returns the bounds of one comparison; None for an unknown operator."""
    written = _written_numbers(found)
    low = ChartVersion("", _filled(written), _labels(found["pre"]))
    operator = found["operator"]
    if operator in (">=", "=>"):
        return [_Bound(">=", low)]
    if operator == "<":
        return [_Bound("<", low)]
    if operator in ("<=", "=<"):
        return [_Bound("<=", low)] if len(written) == 3 else _below_next(written)
    if operator == ">":
        return [_Bound(">", low)] if len(written) == 3 else _from_next(written)
    if operator in ("", "=", "!="):
        return _equal(low, written)
    if operator in ("~", "~>"):
        return [_Bound(">=", low), *_below_next(written[:2])]
    return [_Bound(">=", low), *_below_next(_fixed_by_caret(written))] if operator == "^" else None


def _written_numbers(found: re.Match[str]) -> tuple[int, ...]:
    """Returns the numbers up to the first placeholder, such as (1, 2) for `1.2.x`."""
    numbers: list[int] = []
    for name in ("major", "minor", "patch"):
        if found[name] is None or found[name] in "xX*":
            break
        numbers.append(int(found[name]))
    return tuple(numbers)


def _filled(numbers: tuple[int, ...]) -> Numbers:
    major, minor, patch = (one or 0 for one, _ in zip_longest(numbers, range(3)))
    return major, minor, patch


def _equal(low: ChartVersion, written: tuple[int, ...]) -> list[_Bound]:
    if len(written) == 3:
        return [_Bound(">=", low), _Bound("<=", low)]
    return [_Bound(">=", low), *_below_next(written)]


def _fixed_by_caret(written: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the numbers that `^` keeps: up to the first that is not zero."""
    first = next((index for index, one in enumerate(written) if one), len(written) - 1)
    return written[: first + 1]


def _below_next(numbers: tuple[int, ...]) -> list[_Bound]:
    return [_Bound("<", one) for one in _next(numbers)]


def _from_next(numbers: tuple[int, ...]) -> list[_Bound]:
    return [_Bound(">=", one) for one in _next(numbers)]


def _next(numbers: tuple[int, ...]) -> Iterator[ChartVersion]:
    """Yields the first version after all that begin with the numbers; none without a number."""
    if numbers:
        yield ChartVersion("", _filled((*numbers[:-1], numbers[-1] + 1)))
