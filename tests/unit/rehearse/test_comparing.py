"""What counts as a change, and how it is told."""

from __future__ import annotations

from gitops_gen.rehearse.examine import changes
from gitops_gen.rehearse.full import differences
from gitops_gen.rehearse.result import Identity
from gitops_gen.rehearse.watch import Event, What, content, paths

BACKEND = Identity("apps/v1", "Deployment", "app", "backend")


def test_paths_lead_to_the_difference() -> None:
    before = {"spec": {"containers": [{"image": "a:1"}, {"image": "b:1"}], "replicas": 1}}
    after = {"spec": {"containers": [{"image": "a:2"}, {"image": "b:1"}]}}
    assert list(paths(before, after)) == [
        ("spec.containers[0].image", "a:1", "a:2"),
        ("spec.replicas", 1, None),
    ]


def test_a_list_that_grows_is_one_difference() -> None:
    assert list(paths({"args": ["a"]}, {"args": ["a", "b"]})) == [("args", ["a"], ["a", "b"])]


def test_a_key_with_dots_is_quoted() -> None:
    assert [path for path, _, _ in paths({}, {"labels": {"a.b/c": "d"}})] == ["labels"]
    assert [path for path, _, _ in paths({"labels": {}}, {"labels": {"a.b/c": "d"}})] == [
        'labels."a.b/c"'
    ]


def test_what_the_server_keeps_for_itself_is_no_content() -> None:
    own = {"name": "backend", "uid": "1", "resourceVersion": "7", "managedFields": [{}]}
    notes = {"deployment.kubernetes.io/revision": "2", "team": "web"}
    value = {"metadata": {**own, "annotations": notes}, "status": {"replicas": 1}, "spec": {}}
    expected = {"name": "backend", "annotations": {"team": "web"}}
    assert content(value) == {"metadata": expected, "spec": {}}


def test_a_revert_is_told_by_what_is_not_as_it_was() -> None:
    base = {BACKEND: {"spec": {"replicas": 1}}}
    assert list(differences(base, base)) == []
    assert list(differences(base, {})) == ["Deployment app/backend is gone"]
    assert list(differences({}, base)) == ["Deployment app/backend was not there before"]
    changed = {BACKEND: {"spec": {"replicas": 2}}}
    assert list(differences(base, changed)) == ["Deployment app/backend: spec.replicas was 1, is 2"]


def test_a_pod_that_is_going_is_enough_for_a_restart() -> None:
    """Whether it is gone when a phase ends, nobody has waited for."""
    going = {"deletionTimestamp": "2026-01-01T00:00:00Z"}
    events = [_pod("ADDED", "new"), _pod("MODIFIED", "old", **going)]
    assert [str(change.object) for change in changes(events, 0, frozenset())] == [str(BACKEND)]
    assert changes(events[:1], 0, frozenset()) == ()


def _pod(what: What, name: str, **more: str) -> Event:
    owner = {"kind": "ReplicaSet", "name": "backend-5d4"}
    labels = {"pod-template-hash": "5d4"}
    metadata = {"name": name, "namespace": "app", "ownerReferences": [owner], "labels": labels}
    value = {"metadata": {**metadata, **more}}
    return Event(1.0, what, Identity("v1", "Pod", "app", name), value, value)
