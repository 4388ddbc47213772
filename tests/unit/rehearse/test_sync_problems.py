"""Argo CD's reports about Applications, from recorded statuses."""

from __future__ import annotations

from functools import partial

from gitops_gen.model import ObjectId, Position, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.event_warnings import event_warnings
from gitops_gen.rehearse.result import Remark, RemarkVerdict
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.sync_problems import sync_problems
from tests.unit.rehearse.recorded import by_id, by_name, recording
from tests.unit.rehearse.test_event_warnings import NO_ROOM

STUCK, REFUSED = recording("never-healthy"), recording("refused")
FILE = "rendered/dev/manifests/backend/app/deployment-backend.yaml"
SECTION = Position("values/dev.yaml", 6, 3)
BACKEND = KubeObject(
    ObjectId("apps", "Deployment", "app", "backend"), "apps/v1", {}, FILE, "backend"
)
TREE = EnvironmentObjects((), (), (BACKEND,))
FACTS = RevisionFacts((ComponentFacts("backend", 20, "app", SECTION),))


def found(recorded: Values, tree: EnvironmentObjects = TREE) -> list[Remark]:
    reasons = partial(event_warnings, by_id(recorded.get("live", ())))
    return list(sync_problems(by_name(recorded["applications"]), tree, FACTS, reasons))


def test_an_object_that_is_not_healthy_is_reported_with_the_reasons() -> None:
    """The root Application also waits for the backend, which is not reported again."""
    [remark] = found(STUCK)
    assert (remark.file, remark.values) == (FILE, SECTION)
    assert (remark.verdict, remark.by, str(remark.object)) == (
        RemarkVerdict.UNHEALTHY,
        "Argo CD",
        "Deployment app/backend",
    )
    assert remark.message.splitlines() == [
        "is Progressing: Waiting for rollout to finish: 0 of 1 updated replicas are available...",
        NO_ROOM,
    ]


def test_an_object_that_could_not_be_synced_is_refused_with_its_file() -> None:
    [remark] = [r for r in found(REFUSED) if str(r.object) == "Deployment app/backend"]
    assert remark.verdict is RemarkVerdict.REFUSED
    assert remark.message == (
        'Deployment.apps "backend" is invalid: spec.replicas: Invalid value: -1: '
        "must be greater than or equal to 0"
    )
    assert (remark.file, remark.values) == (FILE, SECTION)


def test_a_condition_is_reported_of_the_application() -> None:
    [remark] = [r for r in found(REFUSED) if r.object.id.kind == "Application"]
    assert remark.verdict is RemarkVerdict.WARNED
    assert remark.message == (
        "RepeatedResourceWarning: Resource /Service/app/backend appeared 2 times among "
        "application resources."
    )
    assert remark.values == SECTION


def test_a_condition_that_is_no_warning_is_a_refusal() -> None:
    error = {"type": "SyncError", "message": "Failed sync attempt to c0ba505"}
    application = {
        "metadata": {"name": "backend", "namespace": "argocd"},
        "status": {"conditions": [error]},
    }
    [remark] = found({"applications": [application]})
    assert (remark.verdict, remark.message) == (
        RemarkVerdict.REFUSED,
        "SyncError: Failed sync attempt to c0ba505",
    )


def test_an_object_that_no_manifest_holds_is_reported_without_a_file() -> None:
    empty = EnvironmentObjects((), (), ())
    [remark] = [r for r in found(REFUSED, empty) if str(r.object) == "Deployment app/backend"]
    assert (remark.file, remark.values) == (None, None)


def test_a_failed_hook_is_refused() -> None:
    result = {"kind": "Job", "name": "migrate", "namespace": "app", "version": "v1"}
    failed = {**result, "group": "batch", "hookPhase": "Failed", "message": "BackoffLimitExceeded"}
    status = {"operationState": {"syncResult": {"resources": [failed]}}}
    application = {"metadata": {"name": "backend", "namespace": "argocd"}, "status": status}
    [remark] = found({"applications": [application]})
    assert (str(remark.object), remark.message) == ("Job app/migrate", "BackoffLimitExceeded")


def test_the_same_remark_of_two_applications_comes_once() -> None:
    twice = {**STUCK, "applications": [*STUCK["applications"], *STUCK["applications"]]}
    assert found(twice) == found(STUCK)
