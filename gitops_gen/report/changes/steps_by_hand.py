"""What somebody must do by hand after a merge."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.classes import REFUSED
from gitops_gen.changes.context import counted
from gitops_gen.changes.environments import NEW, REMOVED
from gitops_gen.changes.result import (
    Comparison,
    Consequence,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.reading import APPLICATION
from gitops_gen.report.changes.text_format import remains

_MOST_NAMED = 4


def steps_by_hand(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yields each step, with the name of its environment. The urgent ones are first."""
    for environment in comparison.environments:
        yield from ((environment.name, step) for step in environment.by_hand)
    effects = [
        (one.change_class.rank, environment.name, _step(difference, one))
        for environment in comparison.environments
        for difference, one in environment.consequences
        if one.afterwards
    ]
    yield from ((name, step) for _, name, step in sorted(effects, key=lambda one: one[0]))
    for environment in comparison.environments:
        yield from ((environment.name, step) for step in _deletion(environment))


def _step(difference: ObjectDifference, one: Consequence) -> str:
    """Returns the step of a consequence. A refused change reaches the cluster if it is accepted."""
    if one.change_class.id == REFUSED and one.accepted is None:
        return f"If the refused change is accepted, follow the steps above for {difference.id}"
    return one.afterwards


def _deletion(environment: EnvironmentComparison) -> Iterator[str]:
    """Yields that objects must be deleted that are not in Git any more, but in the cluster."""
    left = [
        f"`{item.id}`"
        for change in environment.changes
        if (item := change.difference.removed) and remains(change, environment.state)
    ]
    if left:
        more = len(left) - _MOST_NAMED
        shown = ", ".join(left[:_MOST_NAMED])
        rest = f" and {counted(more, 'more object')}" if more > 0 else ""
        yield f"Delete what stays in the cluster, unless it is still needed: {shown}{rest}"


def upgraded_charts(comparison: Comparison) -> list[str]:
    """Returns the charts whose version changes, and which Argo CD renders."""
    found = (
        value_at(change.difference.new, "spec", "source", "chart")
        for environment in comparison.environments
        if environment.state not in (NEW, REMOVED)
        for change in environment.changes
        if change.difference.id.group_kind == APPLICATION
        and change.difference.is_update
        and any(change.difference.below("spec", "source", "targetRevision"))
    )
    return list(dict.fromkeys(str(chart) for chart in found if chart))
