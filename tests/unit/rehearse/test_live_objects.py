"""The live objects of a cluster, and the orphaned objects among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gitops_gen.model import ObjectId, Values
from gitops_gen.rehearse.live_objects import live_objects, orphans
from tests.unit.rehearse.api_server import ApiServer, Recorded, answers, serving
from tests.unit.rehearse.recorded import by_id


def an_object(api_version: str, kind: str, name: str, **more: Any) -> Values:
    metadata = {"name": name, "namespace": "database", **more.pop("metadata", {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


TEMPLATES = {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}
STATEFUL_SET = an_object("apps/v1", "StatefulSet", "postgres", spec=TEMPLATES)
CLAIM = an_object("v1", "PersistentVolumeClaim", "data-postgres-0")


def found(*objects: Values, before: Any = (), owned: Any = ()) -> list[str]:
    return [str(item) for item in orphans(by_id(objects), before, owned)]


def test_a_kind_is_listed_once_with_its_api_version(tmp_path: Path) -> None:
    scaler = {"metadata": {"name": "backend", "namespace": "app"}}
    path = "horizontalpodautoscalers"
    lists = {
        f"GET /apis/autoscaling/v2/{path}": Recorded({"items": [scaler]}),
        f"GET /apis/autoscaling/v1/{path}": Recorded({"items": [scaler]}),
        "GET /api/v1/namespaces": Recorded({"items": [{"metadata": {"name": "app"}}]}),
        "GET /api/v1/services": Recorded({"message": "not ready yet"}, 503),
    }
    with serving(ApiServer(answers(**lists)), tmp_path / "api") as server:
        live = live_objects(server)
    assert {str(identity): value["apiVersion"] for identity, value in live.items()} == {
        "Namespace app": "v1",
        "HorizontalPodAutoscaler app/backend": "autoscaling/v2",
    }


def test_what_neither_git_nor_an_object_owns_is_an_orphan() -> None:
    left = an_object("v1", "ConfigMap", "left")
    identity = ObjectId("", "ConfigMap", "database", "left")
    assert found(left) == ["ConfigMap database/left"]
    assert found(left, before=[identity]) == []
    assert found(left, owned=[identity]) == []
    pod = an_object("v1", "Pod", "web", metadata={"ownerReferences": [{"kind": "ReplicaSet"}]})
    assert found(pod) == []


def test_git_owns_an_object_whatever_the_version_of_its_api() -> None:
    scaler = an_object("autoscaling/v2", "HorizontalPodAutoscaler", "backend")
    written = ObjectId("autoscaling", "HorizontalPodAutoscaler", "database", "backend")
    assert found(scaler, owned=[written]) == []


def test_what_kubernetes_creates_by_itself_is_no_orphan() -> None:
    account = an_object("v1", "ServiceAccount", "default")
    authority = an_object("v1", "ConfigMap", "kube-root-ca.crt")
    endpoints = an_object("discovery.k8s.io/v1", "EndpointSlice", "postgres-x7k2p")
    assert found(account, authority, endpoints) == []
    assert found(an_object("v1", "ServiceAccount", "other")) == ["ServiceAccount database/other"]


def test_a_claim_of_a_stateful_set_belongs_to_it() -> None:
    owned = [ObjectId("apps", "StatefulSet", "database", "postgres")]
    assert found(STATEFUL_SET, CLAIM, owned=owned) == []
    assert found(CLAIM) == ["PersistentVolumeClaim database/data-postgres-0"]
    elsewhere = {**STATEFUL_SET, "metadata": {"name": "postgres", "namespace": "app"}}
    assert "PersistentVolumeClaim database/data-postgres-0" in found(elsewhere, CLAIM)
