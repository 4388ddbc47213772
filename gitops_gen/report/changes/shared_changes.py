"""The changes of all environments, in which the same change of several environments is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from gitops_gen.changes.classes import REFUSED
from gitops_gen.changes.context import counted
from gitops_gen.changes.environments import NEW
from gitops_gen.changes.result import (
    Certainty,
    ClassifiedChange,
    Consequence,
    DifferenceKind,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.report.changes.definition_lines import definition_lines
from gitops_gen.report.changes.json_text import summary_of_json
from gitops_gen.report.changes.shown import ShownValues
from gitops_gen.report.changes.text_format import heading, listed_fields, remains

NO_RANK = 100
_MOST_FIELDS = 20
_MOST_LINES = 16
"""The most lines that are shown of a text of several lines."""
_MOST_COMPARED = 4000
"""The most lines of both texts that are compared line by line."""
_WHOLE = {DifferenceKind.ADDED: "+", DifferenceKind.REMOVED: "-"}
_Key: TypeAlias = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class SharedChange:
    """A change that all `environments` have."""

    environments: tuple[str, ...]
    change: ClassifiedChange
    lines: tuple[str, ...]
    """The change in the notation of a diff: the heading, the consequences, and the fields."""

    state: str = ""
    """The state of the environments, as in `EnvironmentComparison`."""

    def is_danger(self, one: Consequence) -> bool:
        """Whether a consequence is dangerous. In a new environment, only a refusal is."""
        return one.change_class.is_danger and (self.state != NEW or one.change_class.id == REFUSED)

    @property
    def component(self) -> str:
        return self.change.difference.item.component

    @property
    def rank(self) -> int:
        """The rank of the most dangerous class that is not accepted."""
        return min(_ranks(self.change.consequences), default=NO_RANK)


@dataclass(frozen=True, eq=False)
class SharedChanges:
    """All changes that exactly these environments share."""

    environments: tuple[str, ...]
    state: str
    """The state of the environments, as in `EnvironmentComparison`."""
    changes: tuple[SharedChange, ...]

    @property
    def rank(self) -> int:
        return min(one.rank for one in self.changes)

    def by_component(self) -> list[list[SharedChange]]:
        """Returns the changes of each component; the most dangerous ones are first."""
        found: dict[str, list[SharedChange]] = {}
        for one in sorted(self.changes, key=lambda one: (one.rank, one.change.difference.id)):
            found.setdefault(one.component, []).append(one)
        return list(found.values())


def shared_changes(environments: Iterable[EnvironmentComparison]) -> list[SharedChanges]:
    """Returns the changes, grouped by the environments that have them, the most dangerous first."""
    groups: dict[tuple[tuple[str, ...], str], list[SharedChange]] = {}
    for (state, _, lines), (names, change) in _by_lines(environments).items():
        shared = SharedChange(tuple(names), change, lines, state)
        groups.setdefault((shared.environments, state), []).append(shared)
    found = [SharedChanges(*key, tuple(changes)) for key, changes in groups.items()]
    return sorted(found, key=lambda one: (one.rank, -len(one.environments), one.environments))


def _by_lines(
    environments: Iterable[EnvironmentComparison],
) -> dict[_Key, tuple[list[str], ClassifiedChange]]:
    found: dict[_Key, tuple[list[str], ClassifiedChange]] = {}
    printed: dict[object, tuple[str, ...]] = {}
    for environment in environments:
        for change in environment.changes:
            contents = environment.state, _contents(change)
            lines = printed.get(contents) or tuple(change_lines(change, environment.state))
            printed[contents] = lines
            key = environment.state, change.difference.item.component, lines
            names, _ = found.setdefault(key, ([], change))
            names.append(environment.name)
    return found


def _contents(change: ClassifiedChange) -> object:
    """Returns what the lines of a change depend on, so that equal changes are printed once."""
    one = change.difference
    items = tuple((item.id, item.content) if item else None for item in (one.before, one.after))
    consequences = tuple(
        (c.change_class.id, c.certainty, c.message, c.accepted) for c in change.consequences
    )
    return items, len(one.fields), one.item.component, consequences, change.removal


def _ranks(consequences: Sequence[Consequence]) -> Iterator[int]:
    return (one.change_class.rank for one in consequences if one.accepted is None)


def change_lines(change: ClassifiedChange, state: str = "") -> Iterator[str]:
    """Yields the lines of a change, in which no value is a secret.

    `state` is that of the environment.
    """
    difference = change.difference
    yield heading_line(difference)
    yield from dict.fromkeys(f"! {remark(one)}" for one in change.consequences)
    if text := remains(change, state):
        yield f"! {text}"
    if difference.kind in _WHOLE:
        return
    yield from (line.replace("~", "!", 1) for line in definition_lines(difference))
    listed = listed_fields(difference, change.consequences, _MOST_FIELDS)
    shown = ShownValues(difference)
    for found in listed:
        yield from _field(found, shown)
    if left := len(difference.fields) - len(listed):
        yield f"  ({counted(left, 'more changed field')})"


def heading_line(difference: ObjectDifference) -> str:
    sign = _WHOLE.get(difference.kind)
    return f"{sign} {heading(difference)}" if sign else f"@@ {heading(difference)} @@"


def remark(consequence: Consequence) -> str:
    """Returns the class and the message of a consequence, and whether it is accepted."""
    probably = ", probably" if consequence.certainty is Certainty.HEURISTIC else ""
    accepted = f" (accepted: {consequence.accepted.reason})" if consequence.accepted else ""
    return f"{consequence.change_class.id}{probably}: {consequence.message}{accepted}"


def _field(found: FieldDifference, shown: ShownValues) -> Iterator[str]:
    old, new = shown.pair(found)
    if found.reordered:
        yield f"! {found.label}: order changed: {old} -> {new}"
    elif all(isinstance(value, str) and "\n" in value for value in (found.before, found.after)):
        yield f"! {found.label}:"
        yield from _lines_of_text(found, shown)
    else:
        yield from () if found.before is None else (f"- {found.label}: {old}",)
        yield from () if found.after is None else (f"+ {found.label}: {new}",)


def _lines_of_text(found: FieldDifference, shown: ShownValues) -> Iterator[str]:
    """Yields only the lines that differ in a text of several lines, or a summary of JSON."""
    texts = [str(shown.value(found, value)) for value in (found.before, found.after)]
    if summary := summary_of_json(*texts):
        yield f"! {summary.removeprefix('~ ')}"
        return
    old, new = (text.splitlines() for text in texts)
    if len(old) + len(new) > _MOST_COMPARED:
        yield f"  (a text of {counted(len(new), 'line')} instead of {counted(len(old), 'line')})"
        return
    lines: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [f"-   {line}" for line in old[i1:i2]]
            lines += [f"+   {line}" for line in new[j1:j2]]
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"  ({counted(len(lines) - _MOST_LINES, 'more changed line')})"
