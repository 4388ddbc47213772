"""The format for a terminal: one line per environment, and below it the changed files."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.affected import Affected, AffectedEnvironment
from gitops_gen.model import printable

_MOST_REASONS = 5


def full_report(affected: Affected) -> str:
    return "".join(f"{printable(line)}\n" for line in _lines(affected))


def _lines(affected: Affected) -> Iterator[str]:
    if affected.base:
        yield f"base: {affected.base}"
    yield from (f"not known: {text}" for text in affected.unknown)
    yield from (f"note: {text}" for text in affected.notes)
    if affected.unknown:
        yield "all environments are named, because a change of any of them is possible"
    for environment in affected.environments:
        yield from _environment(environment)
    yield from (f"{name}: removed" for name in affected.removed)
    if not (affected.environments or affected.removed):
        yield "no environment is affected"


def _environment(environment: AffectedEnvironment) -> Iterator[str]:
    state = " (new)" if environment.is_new else ""
    names = ", ".join(environment.components) or "no component"
    yield f"{environment.name}{state}: {names}"
    yield from (f"  {reason}" for reason in environment.reasons[:_MOST_REASONS])
    more = len(environment.reasons) - _MOST_REASONS
    if more > 0:
        yield f"  and {more} more"
