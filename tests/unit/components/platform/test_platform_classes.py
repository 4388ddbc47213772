"""StorageClasses, PriorityClasses, quotas and limits are rendered if the values contain them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.components.first_party.rendering import Example, Render

VALID = Path(__file__).parent / "valid"


@pytest.fixture
def full(rendered: Render) -> Example:
    return rendered(VALID / "everything.yaml")


def test_nothing_is_rendered_by_default(rendered: Render) -> None:
    example = rendered(VALID / "nothing-said.yaml")
    assert {item["kind"] for item in example.objects} == {"Namespace", "NetworkPolicy"}


def test_volumes_are_encrypted_and_retained_by_default(full: Example) -> None:
    ours = full.one("StorageClass", "gp3-retain")
    assert ours["provisioner"] == "ebs.csi.aws.com"
    assert ours["parameters"]["type"] == "gp3"
    assert ours["parameters"]["encrypted"] == "true"
    assert ours["reclaimPolicy"] == "Retain"
    assert ours["volumeBindingMode"] == "WaitForFirstConsumer"
    assert ours["allowVolumeExpansion"] is True


def test_settings_of_a_storage_class(full: Example) -> None:
    fast = full.one("StorageClass", "fast")["parameters"]
    assert (fast["type"], fast["iops"], fast["csi.storage.k8s.io/fstype"]) == (
        "io2",
        "16000",
        "xfs",
    )
    assert fast["kmsKeyId"].startswith("arn:aws:kms:")
    scratch = full.one("StorageClass", "scratch")
    default = "storageclass.kubernetes.io/is-default-class"
    assert scratch["metadata"]["annotations"][default] == "true"
    assert scratch["parameters"]["throughput"] == "250"
    assert scratch["reclaimPolicy"] == "Delete"


@pytest.mark.parametrize("kind", ["StorageClass", "PriorityClass"])
def test_classes_are_not_pruned(full: Example, kind: str) -> None:
    for ours in full.all(kind):
        annotations = ours["metadata"]["annotations"]
        assert annotations["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false"
        assert annotations["argocd.argoproj.io/compare-options"] == "IgnoreExtraneous"
        assert annotations["helm.sh/resource-policy"] == "keep"


def test_quotas_as_text(full: Example) -> None:
    hard = full.one("ResourceQuota", namespace="app")["spec"]["hard"]
    assert hard == {"requests.cpu": "8", "requests.memory": "16Gi", "pods": "50"}
    assert full.one("ResourceQuota", namespace="jobs")["spec"]["hard"] == {
        "count/jobs.batch": "2000000"
    }


def test_limits(full: Example) -> None:
    (limits,) = full.one("LimitRange", namespace="app")["spec"]["limits"]
    assert limits["type"] == "Container"
    assert limits["default"] == {"cpu": "1", "memory": "256Mi"}
    assert limits["defaultRequest"] == {"cpu": "50m", "memory": "64Mi"}


def test_priorities(full: Example) -> None:
    database, batch = (full.one("PriorityClass", name) for name in ("database", "batch"))
    assert (database["value"], database["preemptionPolicy"]) == (1000000, "PreemptLowerPriority")
    assert (batch["value"], batch["preemptionPolicy"], batch["globalDefault"]) == (
        -10,
        "Never",
        True,
    )
