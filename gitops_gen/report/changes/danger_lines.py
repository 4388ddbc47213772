"""The dangers of uncommitted changes, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.changes.dangers import Danger, UncommittedDangers
from gitops_gen.changes.result import Certainty
from gitops_gen.model import printable
from gitops_gen.report.changes.shown import ShownValues


def danger_lines(dangers: UncommittedDangers) -> Iterator[str]:
    """Yields the notes, and one line per danger with all environments that have it."""
    yield from map(printable, dangers.notes)
    environments: dict[str, list[str]] = {}
    for text, danger in _texts(dangers.found):
        environments.setdefault(text, []).append(danger.environment)
    yield from (f"{', '.join(names)}: {text}" for text, names in environments.items())
    if environments:
        names = " ".join(sorted({danger.environment for danger in dangers.found}))
        yield f"`gitops-gen diff {names} --base HEAD` shows these changes, and what to do"


def _texts(found: Sequence[Danger]) -> Iterator[tuple[str, Danger]]:
    """Yields the text of each danger. One message about several fields of an object is one text."""
    seen: set[tuple[str, str, str, str]] = set()
    for danger in found:
        one = danger.consequence
        identity = str(danger.difference.id)
        key = (danger.environment, identity, one.change_class.id, one.message)
        if key not in seen:
            seen.add(key)
            probably = ", probably" if one.certainty is Certainty.HEURISTIC else ""
            lead = f"{one.change_class.id}{probably}: {identity}"
            yield printable(f"{lead}: {one.message}{_field(danger)}"), danger


def _field(danger: Danger) -> str:
    """Returns the field that causes the danger, with its values; empty for a whole object."""
    found = danger.consequence.at
    if found is None or found.reordered:
        return ""
    old, new = ShownValues(danger.difference).pair(found)
    if found.before is None or found.after is None:
        event = "added" if found.before is None else "removed"
        return f" ({event}: {found.label})"
    return f" ({found.label}: {old} -> {new})"
