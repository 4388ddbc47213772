"""Why an object does not come to rest."""

from __future__ import annotations

from functools import partial
from typing import Any

from gitops_gen.model import Position
from gitops_gen.rehearse.examine import refusals
from gitops_gen.rehearse.known import Known, KnownComponent, Leaf
from gitops_gen.rehearse.manifests import Manifest, Manifests
from gitops_gen.rehearse.reasons import reasons
from gitops_gen.rehearse.result import Identity, Verdict

BACKEND = Identity("apps/v1", "Deployment", "app", "backend")
ACCOUNT = 'error looking up service account app/backnd: serviceaccount "backnd" not found'


def _object(kind: str, name: str, owner: tuple[str, str] | None = None) -> Any:
    owners = [{"kind": owner[0], "name": owner[1]}] if owner else []
    return ("apps", kind, "app", name), {"metadata": {"name": name, "ownerReferences": owners}}


def _event(name: str, about: tuple[str, str], text: str, kind: str = "Warning") -> Any:
    place = {"kind": about[0], "namespace": "app", "name": about[1]}
    value = {"type": kind, "reason": "Failed", "message": text, "involvedObject": place}
    return ("", "Event", "app", name), {**value, "metadata": {"name": name}, "lastTimestamp": name}


NOW = dict(
    [
        _object("Deployment", "backend"),
        _object("ReplicaSet", "backend-1", ("Deployment", "backend")),
        _object("Pod", "backend-1-a", ("ReplicaSet", "backend-1")),
        _object("ReplicaSet", "frontend-1", ("Deployment", "frontend")),
        _event("1", ("ReplicaSet", "backend-1"), ACCOUNT),
        _event("2", ("ReplicaSet", "backend-1"), ACCOUNT),
        _event("3", ("Pod", "backend-1-a"), "no node holds it"),
        _event("4", ("Pod", "backend-1-a"), "assigned", "Normal"),
        _event("5", ("ReplicaSet", "frontend-1"), "of another"),
    ]
)


def test_the_warnings_of_what_it_owns_each_once() -> None:
    assert reasons(NOW, BACKEND) == (f"Failed: {ACCOUNT}", "Failed: no node holds it")


def test_nothing_is_known_of_what_nobody_speaks_of() -> None:
    assert reasons(NOW, Identity("v1", "Service", "app", "backend")) == ()
    assert reasons({}, BACKEND) == ()


def test_what_is_not_healthy_says_why_and_is_no_refusal() -> None:
    resource = {
        "group": "apps",
        "version": "v1",
        "kind": "Deployment",
        "namespace": "app",
        "name": "backend",
        "health": {"status": "Progressing", "message": "0 of 2 replicas"},
    }
    metadata = {"name": "backend", "namespace": "argocd"}
    application = {"metadata": metadata, "status": {"resources": [resource]}}
    [remark] = refusals(
        {"backend": application}, Manifests((), (), ()), Known(), partial(reasons, NOW)
    )
    assert remark.verdict is Verdict.UNHEALTHY
    assert remark.message.splitlines() == [
        "is Progressing: 0 of 2 replicas",
        f"Failed: {ACCOUNT}",
        "Failed: no node holds it",
    ]


def test_the_line_behind_it_is_what_the_reason_speaks_of() -> None:
    section, line = Position("values/dev.yaml", 7, 3), Position("values/dev.yaml", 9, 5)
    leaf = Leaf(("tiers", "backend", "replicas"), "2", line)
    component = KnownComponent("backend", 20, "app", section, leaves=(leaf,))
    item = Manifest(BACKEND, "deployment.yaml", "backend", {})
    health = {"status": "Progressing", "message": "0 of 2 replicas"}
    own = {"group": "apps", "version": "v1", "kind": "Deployment", "name": "backend"}
    application = {
        "metadata": {"name": "backend", "namespace": "argocd"},
        "status": {"resources": [{**own, "health": health}]},
    }
    [remark] = refusals(
        {"backend": application}, Manifests((), (), (item,)), Known((component,)), lambda _own: ()
    )
    assert remark.values == section
