"""The last part of a comment: the changed objects, folded by environment and component.

What does not fit is left out in the order of danger: first the fields of the least dangerous
changes, then their headings. A line states how much is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gitops_gen.changes.context import counted
from gitops_gen.changes.result import DifferenceKind
from gitops_gen.report.changes.environment_names import EnvironmentNames
from gitops_gen.report.changes.shared_changes import SharedChange, SharedChanges
from gitops_gen.report.markdown import code, fence, folded, html_code, length, size, visible

_SHORT = 4_000
"""A part of at most this length is unfolded from the beginning."""
_FOR_NAMES = 2_000
"""The greatest length of a list of environments."""
_FOR_REST = 600
"""The length that is kept for the line about what is left out."""
_CUT = "…"


@dataclass
class _Shown:
    """How much of each change is shown."""

    left: int
    lines: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def add(self, change: SharedChange, lines: tuple[str, ...], overhead: int = 0) -> bool:
        """Shows these lines of a change, and returns whether they fit."""
        cost = _cost(lines) - _cost(self.lines.get(id(change), ())) + overhead
        if cost > self.left:
            return False
        self.left -= cost
        self.lines[id(change)] = lines
        return True


def change_details(
    groups: Sequence[SharedChanges], names: EnvironmentNames, budget: int, command: str
) -> list[str]:
    """Returns the lines of all changes that fit into the budget."""
    shown = _chosen(groups, names, budget - _FOR_REST)
    is_open = budget - _FOR_REST - shown.left <= _SHORT
    lines = [line for group in groups for line in _group(group, names, shown, is_open)]
    return [*lines, *_left_out(groups, shown, command)]


def _chosen(groups: Sequence[SharedChanges], names: EnvironmentNames, budget: int) -> _Shown:
    shown = _Shown(budget)
    every = []
    for group in groups:
        overhead = size(_group_start(group, names)) + _FRAME
        for changes in group.by_component():
            overhead += _component_overhead(changes)
            for change in changes:
                if shown.add(change, _short(change), overhead):
                    every.append(change)
                    overhead = 0
    every.sort(key=lambda one: one.rank)
    for change in every:
        shown.add(change, change.lines)
    return shown


_FRAME = size(folded("", (), is_open=True)) + size(("<blockquote>", "", "</blockquote>"))
"""The length of the tags around a folded part, with those of the block in it."""


def _component_overhead(changes: Sequence[SharedChange]) -> int:
    """The length of a component without its lines, with the fences that they need."""
    ticks = length(fence(line for one in changes for line in one.lines)[0])
    return length(_component_summary(changes)) + _FRAME + 2 * ticks + len("diff\n")


def _cost(lines: Iterable[str]) -> int:
    return size(map(visible, lines)) + 2


def _group(
    group: SharedChanges, names: EnvironmentNames, shown: _Shown, is_open: bool
) -> list[str]:
    content = []
    for changes in group.by_component():
        lines = [line for one in changes for line in shown.lines.get(id(one), ())]
        if lines:
            summary = _component_summary(changes)
            content += folded(summary, fence(lines, "diff"), is_open=is_open)
    if not content:
        return []
    # The quotation indents the components.
    content = ["<blockquote>", "", *_group_names(group, names), *content, "</blockquote>"]
    return folded(_group_summary(group, names), content, is_open=is_open)


def _short(change: SharedChange) -> tuple[str, ...]:
    """The heading of a change, with a mark if there are more lines."""
    first, *fields = change.lines
    return (f"{first} {_CUT}",) if fields else (first,)


def _group_start(group: SharedChanges, names: EnvironmentNames) -> list[str]:
    return [_group_summary(group, names), *_group_names(group, names)]


def _group_summary(group: SharedChanges, names: EnvironmentNames) -> str:
    state = f"{group.state} environment " if group.state else ""
    return f"<b>{state}{names.html(group.environments)}</b>: {_summary(group.changes)}"


def _group_names(group: SharedChanges, names: EnvironmentNames) -> list[str]:
    """Returns the line with all environments, if the summary of the group does not name them."""
    if names.are_listed(group.environments):
        return []
    shown, left = [], _FOR_NAMES
    for name in group.environments:
        left -= length(name) + 2
        if left < 0:
            break
        shown.append(name)
    rest = len(group.environments) - len(shown)
    more = f" and {rest} more" if rest else ""
    return [f"Environments: {code(', '.join(shown), _FOR_NAMES)}{more}", ""]


def _component_summary(changes: Sequence[SharedChange]) -> str:
    name = changes[0].component
    return f"{html_code(name) if name else 'Applications'}: {_summary(changes)}"


def _summary(changes: Sequence[SharedChange]) -> str:
    """Returns the numbers of the objects by what happens to them, and the classes, for HTML."""
    kinds = Counter(one.change.difference.kind for one in changes)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in DifferenceKind if kinds[kind])
    found = {
        one.change_class: shared.is_danger(one)
        for shared in changes
        for one in shared.change.consequences
        if one.accepted is None
    }
    classes = sorted(found, key=lambda one: one.rank)
    text = ", ".join(f"<b>{one.id}</b>" if found[one] else one.id for one in classes)
    return f"{counts}; {text}" if text else counts


def _left_out(groups: Sequence[SharedChanges], shown: _Shown, command: str) -> Iterator[str]:
    every = [one for group in groups for one in group.changes]
    missing = [one for one in every if id(one) not in shown.lines]
    cut = [one for one in every if shown.lines.get(id(one), one.lines) != one.lines]
    if missing or cut:
        parts = []
        if cut:
            parts.append(f"the fields of {counted(len(cut), 'object')} (marked {_CUT})")
        if missing:
            environments = len({name for one in missing for name in one.environments})
            where = counted(environments, "environment")
            parts.append(f"{counted(len(missing), 'changed object')} in {where}")
        yield (
            f"**Cut, because a comment has a limited length:** {' and '.join(parts)}. "
            f"{code(command)} shows everything."
        )
        yield ""
