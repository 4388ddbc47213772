"""A rehearsal states which predictions of `gitops-gen diff` were right, and which were not."""

from __future__ import annotations

import pytest

from gitops_gen.changes.prediction import ClusterEvent, Event, PredictedConsequence, Prediction
from gitops_gen.model import ObjectId, Position
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects, objects_in
from gitops_gen.rehearse.prediction_check import PredictionReview
from gitops_gen.rehearse.result import (
    ChangeKind,
    ObjectChange,
    ObjectReference,
    Phase,
    Remark,
    RemarkVerdict,
)
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts

LINE = Position("values/dev.yaml", 7, 3)
FACTS = RevisionFacts((ComponentFacts("backend", 20, "app", LINE),))
DEPLOYMENT = ObjectId("apps", "Deployment", "app", "backend")
SERVICE = ObjectId("", "Service", "app", "backend")
APPLICATION = ObjectId("argoproj.io", "Application", "argocd", "backend")
FILE = "rendered/dev/manifests/backend/app/all.yaml"


def _objects() -> tuple[KubeObject, ...]:
    text = "\n---\n".join(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: backend, namespace: app}}\n"
        for version, kind in (("apps/v1", "Deployment"), ("v1", "Service"))
    )
    return tuple(objects_in(text.encode(), FILE, "backend"))


TREE = EnvironmentObjects((), (), _objects())
RESTARTED, REFUSED, PRUNED = (
    ClusterEvent(Event.RESTARTED, DEPLOYMENT),
    ClusterEvent(Event.REFUSED, SERVICE),
    ClusterEvent(Event.PRUNED, SERVICE),
)
RESTART = ObjectChange(1.0, ChangeKind.RESTARTED, ObjectReference(DEPLOYMENT, "apps/v1"))
PRUNE = ObjectChange(1.0, ChangeKind.PRUNED, ObjectReference(SERVICE, "v1"))


def refusal(by: str, item: ObjectId = SERVICE) -> Remark:
    return Remark(RemarkVerdict.REFUSED, by, ObjectReference(item, "v1"), "immutable", FILE, LINE)


def phase(*changes: ObjectChange, remarks: tuple[Remark, ...] = (), settled: bool = True) -> Phase:
    return Phase("push", "a commit", 1.0, settled, changes=changes, remarks=remarks)


def review(prediction: Prediction, left_out: frozenset[str] = frozenset()) -> PredictionReview:
    return PredictionReview(prediction, TREE, TREE, FACTS, left_out)


@pytest.mark.parametrize(
    ("event", "happened"),
    [
        (RESTARTED, phase(RESTART)),
        (PRUNED, phase(PRUNE)),
        (REFUSED, phase(remarks=(refusal("Argo CD"),), settled=False)),
    ],
)
def test_a_prediction_that_came_true_is_counted(event: ClusterEvent, happened: Phase) -> None:
    check = review(Prediction(frozenset({event}))).check(happened)
    assert (check.right, check.unknown, check.disagreements) == (1, 0, ())


@pytest.mark.parametrize(
    ("happened", "message"),
    [
        (phase(RESTART), "Deployment app/backend replaced Pods, which was not predicted"),
        (phase(PRUNE), "Service app/backend was deleted, which was not predicted"),
        (
            phase(remarks=(refusal("Argo CD"),), settled=False),
            "Service app/backend was refused, which was not predicted",
        ),
    ],
)
def test_what_was_not_predicted_is_a_disagreement(happened: Phase, message: str) -> None:
    [found] = review(Prediction()).check(happened).disagreements
    assert (str(found), found.file, found.values) == (message, FILE, LINE)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (RESTARTED, "Deployment app/backend replaced no Pods, although that was predicted"),
        (PRUNED, "Service app/backend was not deleted, although that was predicted"),
        (REFUSED, "Service app/backend was accepted, although a refusal was predicted"),
    ],
)
def test_what_did_not_happen_is_a_disagreement(event: ClusterEvent, message: str) -> None:
    check = review(Prediction(frozenset({event}))).check(phase())
    assert check.right == 0
    assert [str(one) for one in check.disagreements] == [message]


def test_after_a_failed_sync_only_refusals_are_compared() -> None:
    """Argo CD stops at the object that is refused, and deletes and changes nothing after it."""
    predicted = Prediction(frozenset({RESTARTED, PRUNED}))
    check = review(predicted).check(phase(settled=False))
    assert (check.right, check.unknown, check.disagreements) == (0, 2, ())


def test_a_refusal_of_the_dry_run_confirms_the_prediction() -> None:
    """Argo CD may not have tried to apply the object, because an earlier one was refused."""
    happened = phase(remarks=(refusal("kube-apiserver"),), settled=False)
    check = review(Prediction(frozenset({REFUSED}))).check(happened)
    assert (check.right, check.disagreements) == (1, ())


def test_what_the_rehearsal_cannot_observe_is_not_compared() -> None:
    """Applications are reported in another way, and some components are not rehearsed."""
    of_application = ClusterEvent(Event.PRUNED, APPLICATION)
    assert review(Prediction(frozenset({of_application}))).check(phase()).disagreements == ()
    left_out = review(Prediction(frozenset({RESTARTED})), frozenset({"backend"}))
    assert left_out.check(phase()).disagreements == ()
    condition = phase(remarks=(refusal("Argo CD", APPLICATION),), settled=False)
    assert review(Prediction()).check(condition).disagreements == ()


def test_an_object_without_a_verdict_may_be_refused() -> None:
    happened = phase(remarks=(refusal("Argo CD"),), settled=False)
    check = review(Prediction(not_judged=frozenset({SERVICE}))).check(happened)
    assert check.disagreements == ()


def test_the_consequences_of_all_classes_are_kept() -> None:
    consequence = PredictedConsequence(SERVICE, "traffic", "clients get no answer")
    prediction = Prediction(consequences=(consequence,))
    assert review(prediction).check(phase()).consequences == (consequence,)
