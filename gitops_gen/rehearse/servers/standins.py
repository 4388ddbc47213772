"""What stands in for AWS and for add-ons that do not run: declared in the folder `standins`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from gitops_gen import yaml
from gitops_gen.model import Values

FOLDER = Path(__file__).with_name("standins")
STAGES = FOLDER / "stages.yaml"
ZONES = ("a", "b", "c")
_ANY_CONTENT = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def cluster_objects() -> list[Values]:
    """What a fresh EKS cluster has."""
    return cast(list[Values], yaml.documents((FOLDER / "cluster.yaml").read_bytes()))


def nodes(region: str) -> Iterator[Values]:
    """A node in each of three zones, with the EBS CSI driver on it."""
    for zone in ZONES:
        name = f"node-{zone}"
        labels = {
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "topology.kubernetes.io/region": region,
            "topology.kubernetes.io/zone": f"{region}{zone}",
            "topology.ebs.csi.aws.com/zone": f"{region}{zone}",
        }
        capacity = {"cpu": "16", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi"}
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": labels},
            "status": {"capacity": capacity, "allocatable": capacity},
        }
        driver = {"name": "ebs.csi.aws.com", "nodeID": name}
        keys = ["topology.ebs.csi.aws.com/zone"]
        yield {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "CSINode",
            "metadata": {"name": name},
            "spec": {"drivers": [{**driver, "topologyKeys": keys}]},
        }


def crd_groups() -> dict[str, Values]:
    """API group -> its kinds for which there is a stand-in."""
    return cast(dict[str, Values], yaml.yaml_load((FOLDER / "crds.yaml").read_bytes()))


def crds(groups: Iterable[str]) -> Iterator[Values]:
    described = crd_groups()
    for group in sorted(set(groups)):
        for version, kinds in described.get(group, {}).items():
            for scope in ("namespaced", "cluster"):
                for kind in kinds.get(scope, ()):
                    yield crd(group, version, kind, scope.capitalize())


def crd(group: str, version: str, kind: str, scope: str) -> Values:
    """A kind whose content is not validated."""
    plural = _plural(kind)
    names = {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()}
    served = {
        "name": version,
        "served": True,
        "storage": True,
        "schema": {
            "openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": _ANY_CONTENT, "status": _ANY_CONTENT},
            }
        },
        "subresources": {"status": {}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "names": names, "scope": scope, "versions": [served]},
    }


def ready_stages(groups: Iterable[str]) -> Iterator[Values]:
    """Stages that set the condition Ready, as the add-on's controller would."""
    described = crd_groups()
    for group in sorted(set(groups)):
        for version, kinds in described.get(group, {}).items():
            for kind in kinds.get("ready", ()):
                yield _ready(f"{group}/{version}", kind)


def _ready(api_version: str, kind: str) -> Values:
    ready = {"key": '.status.conditions.[] | select(.type == "Ready") | .status'}
    condition = (
        '- {type: Ready, status: "True", reason: StandIn, message: "no controller runs", '
        "lastTransitionTime: {{ Now | Quote }}}"
    )
    patch = {"root": "status", "subresource": "status", "template": f"conditions:\n{condition}\n"}
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": f"{kind.lower()}-ready"},
        "spec": {
            "resourceRef": {"apiGroup": api_version, "kind": kind},
            "selector": {"matchExpressions": [{**ready, "operator": "NotIn", "values": ["True"]}]},
            "steps": [{"patch": patch}],
        },
    }


def _plural(kind: str) -> str:
    name = kind.lower()
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"
