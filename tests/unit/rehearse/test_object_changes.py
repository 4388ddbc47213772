"""The changes by a push, from recorded watch events, and the differences after a revert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gitops_gen.model import ObjectId, Values
from gitops_gen.rehearse.bookkeeping import without_bookkeeping
from gitops_gen.rehearse.object_changes import not_restored, object_changes
from gitops_gen.rehearse.watch import WatchEvent
from tests.unit.rehearse.recorded import events, recording

PUSH = list(events(recording("push")))
BACKEND = ObjectId("apps", "Deployment", "app", "backend")
OWNED = frozenset(event.object.id for event in PUSH if event.object.id.kind != "Pod")


def changes(happened: list[WatchEvent], owned: frozenset[ObjectId] = OWNED) -> list[str]:
    return [
        f"{change.at} {change.kind} {change.object} {' '.join(map(str, change.fields))}".strip()
        for change in object_changes(happened, 0, owned)
    ]


def test_each_change_is_reported_once_with_its_fields() -> None:
    assert changes(PUSH) == [
        "2.41 changed Ingress app/ingress spec.rules[0].http.paths[1]",
        "2.9 created PodDisruptionBudget app/backend",
        "3.39 changed Deployment app/backend spec.replicas spec.template.spec.containers[0].image",
        "3.41 restarted Deployment app/backend",
        "4.56 pruned ConfigMap app/frontend-dashboard",
    ]


def test_what_git_does_not_own_is_not_reported() -> None:
    assert changes(PUSH, frozenset({BACKEND})) == [
        "3.39 changed Deployment app/backend spec.replicas spec.template.spec.containers[0].image",
        "3.41 restarted Deployment app/backend",
    ]


def test_pods_that_are_only_added_are_no_restart() -> None:
    scaled = [event for event in PUSH if "8qnv8" not in event.object.id.name]
    scaled = [event for event in scaled if not event.after["metadata"].get("deletionTimestamp")]
    assert not [text for text in changes(scaled) if "restarted" in text]


def test_a_pod_that_is_being_deleted_is_enough_for_a_restart() -> None:
    """A phase may end before the Pod is deleted."""
    ended = [event for event in PUSH if event.type != "DELETED"]
    assert "3.41 restarted Deployment app/backend" in changes(ended)


def test_an_object_that_is_deleted_and_created_again_is_replaced() -> None:
    deleted = next(event for event in PUSH if event.type == "DELETED" and event.object.id in OWNED)
    created = replace(deleted, at=5.0, type="ADDED", before=None)
    assert changes([deleted, created]) == [
        "4.56 pruned ConfigMap app/frontend-dashboard",
        "5.0 replaced ConfigMap app/frontend-dashboard",
    ]


def test_what_the_server_keeps_for_itself_is_bookkeeping() -> None:
    metadata: Values = {"name": "backend", "uid": "1", "resourceVersion": "7"}
    annotations = {"deployment.kubernetes.io/revision": "2", "example.org/team": "web"}
    value: Values = {
        "metadata": {**metadata, "annotations": annotations, "managedFields": [{}]},
        "spec": {},
        "status": {"replicas": 1},
    }
    kept = {"name": "backend", "annotations": {"example.org/team": "web"}}
    assert without_bookkeeping(value) == {"metadata": kept, "spec": {}}


@pytest.mark.parametrize(
    ("base", "reverted", "message"),
    [
        (1, 1, None),
        (1, None, "Deployment app/backend no longer exists"),
        (None, 1, "Deployment app/backend did not exist before"),
        (1, 2, "Deployment app/backend: spec.replicas was 1, is 2"),
    ],
)
def test_a_revert_reports_what_is_not_as_it_was(
    base: int | None, reverted: int | None, message: str | None
) -> None:
    def cluster(replicas: int | None) -> dict[ObjectId, Values]:
        return {BACKEND: {"spec": {"replicas": replicas}}} if replicas else {}

    found = list(not_restored(cluster(base), cluster(reverted)))
    assert found == ([message] if message else [])
