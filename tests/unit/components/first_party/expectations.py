"""Expectations for all objects of first-party charts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gitops_gen.components.types import Component
from gitops_gen.render.helm_runs.umbrella import umbrella
from tests.unit.components.first_party.rendering import Object, helm, loaded_example, pod_templates

CLUSTER_SCOPED = {"IngressClass", "Namespace", "PriorityClass", "StorageClass"}
LABELS = ("name", "instance", "component", "part-of", "managed-by")


def assert_well_formed(items: list[Object]) -> None:
    names = [
        (o["apiVersion"], o["kind"], o["metadata"].get("namespace"), o["metadata"]["name"])
        for o in items
    ]
    assert max(Counter(names).values(), default=1) == 1
    for item in items:
        assert ("namespace" in item["metadata"]) == (item["kind"] not in CLUSTER_SCOPED)
        assert {f"app.kubernetes.io/{label}" for label in LABELS} <= item["metadata"][
            "labels"
        ].keys()
        assert item["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "gitops-gen"
        assert_stored_as_written(item)


def assert_stored_as_written(value: object) -> None:
    """The API server removes nulls and empty lists, which Argo CD would show as differences."""
    assert value is not None
    assert value != []
    for part in value.values() if isinstance(value, dict) else ():
        assert_stored_as_written(part)
    for part in value if isinstance(value, list) else ():
        assert_stored_as_written(part)


def assert_restricted(items: list[Object]) -> None:
    """Asserts Pod Security `restricted` and further requirements of scanners."""
    for template in pod_templates(items):
        pod = template["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert min(pod["securityContext"][key] for key in ("runAsUser", "runAsGroup")) > 10000
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert container["livenessProbe"] != container["readinessProbe"]
            for bounds in ("requests", "limits"):
                assert container["resources"][bounds].keys() == {
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                }
            assert not any("secretKeyRef" in str(variable) for variable in container.get("env", []))


def assert_umbrella_accepts(component: Component, folder: Path) -> None:
    """Runs `helm lint --strict` with the schema of the section as the schema of the chart."""
    chart = folder / "umbrella"
    for path, content in umbrella(loaded_example(folder), [component]).items():
        (chart / path).parent.mkdir(parents=True, exist_ok=True)
        (chart / path).write_bytes(content)
    helm("lint", "--strict", str(chart))
    helm("template", "platform", str(chart))
