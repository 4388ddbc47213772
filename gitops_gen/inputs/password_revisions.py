"""Revisions of passwords among changed values: Terraform makes a new password for any change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gitops_gen.inputs.layers import value_at
from gitops_gen.model import FieldPath, Finding, Path, Position, Rule, Severity, dotted

RULE = Rule(
    "password-revision",
    title="The revision of a password does not go down",
    why="Terraform makes a new password whenever the revision changes, and a lower number is a "
    "change too.",
    remedy="Restore the former revision, or raise it if a new password is wanted.",
    severity=Severity.WARNING,
)
_KEY = "passwordRevision"
_FIRST = 1
"""The revision where values state none."""


def lowered(changes: Iterable[tuple[Path, Any, Any, Position]]) -> Iterator[Finding]:
    """A warning for each revision that is lower now.

    A change is a path, the values before and after, and the position of the value after.
    """
    for path, old, new, place in changes:
        for below, before in _revisions(old, path[-1:]):
            after = value_at(new, below)
            after = after if _is_number(after) else _FIRST
            if after < before:
                yield _warning((*path, *below), before, after, place)


def _warning(path: Path, before: int, after: int, place: Position) -> Finding:
    text = (
        f"{dotted(path)}: was {before} and is {after} now, and Terraform makes a new password for "
        f"a lower number too; set {before} again, or {before + 1} for a new password"
    )
    return Finding(RULE, text, place, field=FieldPath(path))


def _revisions(value: Any, last: Path) -> Iterator[tuple[Path, int]]:
    """The revisions in `value` with their paths in it; `last` is the key of `value` itself."""
    if last == (_KEY,) and _is_number(value):
        yield (), value
    for key, item in value.items() if isinstance(value, dict) else ():
        for below, revision in _revisions(item, (key,)):
            yield (key, *below), revision


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
