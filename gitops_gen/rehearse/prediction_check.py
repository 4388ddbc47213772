"""Compares what `diff` predicts about a change with what happened in the rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.changes.prediction import ClusterEvent, Event, Prediction
from gitops_gen.model import ObjectId
from gitops_gen.objects.reading import EnvironmentObjects, is_application
from gitops_gen.rehearse.result import (
    ChangeKind,
    Disagreement,
    Phase,
    PredictionCheck,
    RemarkVerdict,
)
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.status_resources import manifest_of
from gitops_gen.rehearse.sync_problems import ARGOCD

_NOT_PREDICTED = {
    Event.REFUSED: "was refused, which was not predicted",
    Event.PRUNED: "was deleted, which was not predicted",
    Event.RESTARTED: "replaced Pods, which was not predicted",
}
_DID_NOT_HAPPEN = {
    Event.REFUSED: "was accepted, although a refusal was predicted",
    Event.PRUNED: "was not deleted, although that was predicted",
    Event.RESTARTED: "replaced no Pods, although that was predicted",
}
_EVENTS = {ChangeKind.PRUNED: Event.PRUNED, ChangeKind.RESTARTED: Event.RESTARTED}


@dataclass(frozen=True, slots=True)
class PredictionReview:
    """A prediction about the change from `base` to `head`, two trees of a rehearsal."""

    prediction: Prediction
    base: EnvironmentObjects
    head: EnvironmentObjects
    facts: RevisionFacts
    left_out: frozenset[str]
    """The components that are not rehearsed."""

    def check(self, phase: Phase) -> PredictionCheck:
        """Returns which predictions about this phase were right.

        A sync that failed does not delete or change the objects after the one that it failed at.
        So what did not happen is no disagreement if the Applications are not Synced and Healthy.
        """
        expected, happened = self.expected(), self.happened(phase)
        refused_in_dry_run = set(_refused(phase))
        missed = self.prediction.missed(happened)
        absent = sorted(expected - happened - refused_in_dry_run)
        failed = [one for one in absent if phase.settled or one.event is Event.REFUSED]
        return PredictionCheck(
            tuple(self.prediction.consequences),
            right=len(expected) - len(absent),
            unknown=len(absent) - len(failed),
            disagreements=(
                *(self._disagreement(one, _NOT_PREDICTED[one.event]) for one in missed),
                *(self._disagreement(one, _DID_NOT_HAPPEN[one.event]) for one in failed),
            ),
        )

    def expected(self) -> frozenset[ClusterEvent]:
        """Returns the predicted events that a rehearsal can observe."""
        return frozenset(one for one in self.prediction.events if self._is_rehearsed(one.object))

    def happened(self, phase: Phase) -> frozenset[ClusterEvent]:
        """Returns the events of this phase that a prediction should contain."""
        return frozenset(one for one in _happened(phase) if self._is_rehearsed(one.object))

    def _is_rehearsed(self, item: ObjectId) -> bool:
        """Whether the rehearsal observes the object. It reports Applications in another way."""
        manifest = manifest_of(self.head, item) or manifest_of(self.base, item)
        component = manifest.component if manifest else ""
        return not is_application(item) and component not in self.left_out

    def _disagreement(self, event: ClusterEvent, message: str) -> Disagreement:
        manifest = manifest_of(self.head, event.object) or manifest_of(self.base, event.object)
        line = self.facts.section_of(manifest) if manifest else None
        return Disagreement(event.object, message, manifest.file if manifest else None, line)


def _happened(phase: Phase) -> Iterator[ClusterEvent]:
    """Yields what Argo CD and the controllers did."""
    for change in phase.changes:
        if change.kind in _EVENTS:
            yield ClusterEvent(_EVENTS[change.kind], change.object.id)
    for remark in phase.remarks:
        if remark.verdict is RemarkVerdict.REFUSED and remark.by == ARGOCD:
            yield ClusterEvent(Event.REFUSED, remark.object.id)


def _refused(phase: Phase) -> Iterator[ClusterEvent]:
    """Yields all refusals. Argo CD does not send objects after the first that is refused."""
    for remark in phase.remarks:
        if remark.verdict is RemarkVerdict.REFUSED:
            yield ClusterEvent(Event.REFUSED, remark.object.id)
