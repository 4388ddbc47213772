"""What a comparison predicts about the cluster, in a form that observations can be compared with.

The API server, Argo CD and the controllers show only three kinds of events by themselves: an object
is refused, an object is deleted, and the Pods of a workload are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.changes.classes import REFUSED, RESTART
from gitops_gen.changes.result import ClassifiedChange, EnvironmentComparison
from gitops_gen.model import ObjectId


class Event(StrEnum):
    REFUSED = "refused"
    PRUNED = "pruned"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True, order=True)
class ClusterEvent:
    """Something that happens to an object in the cluster."""

    event: Event
    object: ObjectId

    def __str__(self) -> str:
        return f"{self.object} {self.event}"


@dataclass(frozen=True, slots=True)
class PredictedConsequence:
    """A consequence of a change, as `diff` reports it."""

    object: ObjectId
    class_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What `diff` predicts about the change of one environment."""

    events: frozenset[ClusterEvent] = frozenset()
    not_judged: frozenset[ObjectId] = frozenset()
    """The objects of which it is not known whether the API server refuses them."""
    consequences: tuple[PredictedConsequence, ...] = ()
    by_argocd: frozenset[ClusterEvent] = frozenset()
    """The refusals by Argo CD, which the API server alone does not show."""

    def missed(self, happened: Set[ClusterEvent]) -> list[ClusterEvent]:
        """Returns the events that happened and were not predicted."""
        unknown = {ClusterEvent(Event.REFUSED, item) for item in self.not_judged}
        return sorted(happened - self.events - unknown)

    def absent(self, happened: Set[ClusterEvent]) -> list[ClusterEvent]:
        """Returns the events that were predicted and did not happen."""
        return sorted(self.events - happened)


def predicted(comparison: EnvironmentComparison) -> Prediction:
    """Returns the prediction of a comparison."""
    changes = comparison.changes
    found = [
        PredictedConsequence(difference.id, one.change_class.id, one.message)
        for difference, one in comparison.consequences
    ]
    events = frozenset(event for change in changes for event in _events(change))
    by_argocd = frozenset(event for change in changes for event in _refusals(change, True))
    unknown = (one.difference for one in changes if one.difference.after is not None)
    not_judged = frozenset(one.id for one in unknown if one.not_checked or not comparison.is_judged)
    return Prediction(events, not_judged, tuple(found), by_argocd)


def _events(change: ClassifiedChange) -> Iterator[ClusterEvent]:
    refusals = [event for by in (False, True) for event in _refusals(change, by)]
    yield from refusals
    classes = {one.change_class.id for one in change.consequences}
    if not refusals and RESTART in classes:
        yield ClusterEvent(Event.RESTARTED, change.difference.id)
    if change.removal is not None and change.removal.is_deleted and change.difference.removed:
        yield ClusterEvent(Event.PRUNED, change.difference.removed.id)


def _refusals(change: ClassifiedChange, by_argocd: bool) -> Iterator[ClusterEvent]:
    """Yields the refusals by Argo CD, or those by the API server."""
    for one in change.consequences:
        if one.change_class.id == REFUSED and one.by_argocd is by_argocd:
            for item in one.objects or (change.difference.id,):
                yield ClusterEvent(Event.REFUSED, item)
