"""Objects that stay OutOfSync, from a recorded comparison of Argo CD."""

from __future__ import annotations

import copy
import json
from typing import Any

from gitops_gen.model import ObjectId, Position, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.drift import ABSENT, DIFFERS, NOT_PRUNED, drift
from gitops_gen.rehearse.result import Drift
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from tests.unit.rehearse.recorded import recording

RECORDED = recording("drift")
LINE = Position("values/dev.yaml", 6, 3)
FACTS = RevisionFacts((ComponentFacts("backend", 20, "app", LINE),))
RBAC = "rbac.authorization.k8s.io"
FILE = "rendered/dev/manifests/backend/clusterrole-backend.yaml"
ROLE = KubeObject(ObjectId(RBAC, "ClusterRole", "", "backend"), f"{RBAC}/v1", {}, FILE, "backend")
TREE = EnvironmentObjects((), (), (ROLE,))


def found(recorded: Values, tree: EnvironmentObjects = TREE) -> tuple[Drift, ...]:
    applications = {"backend": recorded["application"]}
    return drift(applications, {"backend": recorded["compared"]}, tree, FACTS)


def changed(**comparison: Any) -> Values:
    """Returns the recording with a changed comparison of the ClusterRole."""
    recorded = copy.deepcopy(RECORDED)
    recorded["compared"][-1].update(comparison)
    return recorded


def test_a_field_that_differs_is_named_with_both_values() -> None:
    [item] = found(RECORDED)
    assert (item.component, str(item.object), item.reason) == (
        "backend",
        "ClusterRole backend",
        DIFFERS,
    )
    assert item.object.api_version == f"{RBAC}/v1"
    assert [(str(f.path), f.wanted, f.live) for f in item.fields] == [
        ("rules[0].resources[0]", "pods", "services")
    ]
    assert (item.file, item.values) == (FILE, LINE)


def test_an_object_without_a_manifest_leads_to_its_component() -> None:
    [item] = found(RECORDED, EnvironmentObjects((), (), ()))
    assert (item.file, item.values) == (None, LINE)


def test_where_only_bookkeeping_differs_there_is_no_drift() -> None:
    live = json.loads(RECORDED["compared"][-1]["normalizedLiveState"])
    live["metadata"]["annotations"]["argocd.argoproj.io/refresh"] = "hard"
    live["metadata"]["resourceVersion"] = "1"
    predicted = RECORDED["compared"][-1]["predictedLiveState"]
    live["rules"] = json.loads(predicted)["rules"]
    assert found(changed(normalizedLiveState=json.dumps(live))) == ()


def test_an_object_that_does_not_exist_is_absent() -> None:
    [item] = found(changed(liveState="null", normalizedLiveState="null"))
    assert item.reason == ABSENT
    assert item.fields == ()


def test_an_object_that_left_git_and_is_still_there_was_not_pruned() -> None:
    recorded = copy.deepcopy(RECORDED)
    [role] = [
        item
        for item in recorded["application"]["status"]["resources"]
        if item["status"] == "OutOfSync"
    ]
    role["requiresPruning"] = True
    assert [item.reason for item in found(recorded)] == [NOT_PRUNED]


def test_without_a_comparison_the_object_is_reported_all_the_same() -> None:
    [item] = found({**RECORDED, "compared": []})
    assert (item.reason, item.fields) == (DIFFERS, ())


def test_a_long_value_is_cut() -> None:
    live = json.loads(RECORDED["compared"][-1]["normalizedLiveState"])
    live["rules"][0]["resources"] = ["a" * 500]
    [item] = found(changed(normalizedLiveState=json.dumps(live)))
    assert item.fields[0].live == "a" * 200 + "…"
