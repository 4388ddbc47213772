"""The summary of a changed CustomResourceDefinition, whose schema may have thousands of fields."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import counted
from gitops_gen.changes.definitions import CRD, DefinitionChanges, VersionChanges, first_of
from gitops_gen.changes.result import ObjectDifference
from gitops_gen.model import printable


def definition_lines(difference: ObjectDifference) -> Iterator[str]:
    """Yields the changes of the versions and of their fields; nothing for another kind."""
    if difference.id.group_kind == CRD and difference.is_update:
        yield from map(printable, _lines(DefinitionChanges.of(difference)))


def _lines(changes: DefinitionChanges) -> Iterator[str]:
    yield from (f"+ version {name} is served" for name in changes.added)
    yield from (f"- version {name} is no longer served" for name in changes.removed)
    before, after = changes.stored
    if before != after:
        yield f"~ objects are stored in version {after} instead of {before}"
    for version in changes.versions:
        yield from _version(version)


def _version(one: VersionChanges) -> Iterator[str]:
    parts = (("+", one.added, "added"), ("-", one.removed, "removed"))
    for sign, names, event in (*parts, ("~", one.restricted, "with a stricter rule")):
        if names:
            fields = counted(len(names), "field")
            yield f"{sign} {one.version}: {fields} {event}: {first_of(names)}"
