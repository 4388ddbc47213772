"""Configuration that changes while the Pods that read it keep running."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from gitops_gen.changes.context import WORKLOADS, EnvironmentContext, containers, pod_spec
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.changes.rollouts import template_changes
from gitops_gen.checks.references import Reference, ReferenceKind, references_of
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

STALE_CONFIGURATION = ChangeClass(
    "stale-configuration",
    rank=10,
    title="Pods keep the old configuration until they are replaced",
    certainty=Certainty.EXACT,
    why="New content of a ConfigMap or a Secret does not replace the Pods that read it. Variables "
    "and files that are mounted with `subPath` never change in a running Pod. Other files change "
    "within about a minute, but the program may have read them before.",
    remedy="Replace the Pods after the sync: `kubectl rollout restart`. To let every change do so, "
    "add a checksum of the content to the annotations of the Pod template.",
)
_KINDS = {
    ("", "ConfigMap"): ReferenceKind.CONFIG_MAP,
    ("", "Secret"): ReferenceKind.SECRET,
}
_DATA = ("data", "binaryData", "stringData")
_RELOADER = "reloader.stakater.com"
"""A part of the annotations with which another controller replaces the Pods."""


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    kind = _KINDS.get(change.id.group_kind)
    place = next((one for one in change.fields if one.names[:1] and one.names[0] in _DATA), None)
    if kind is None or place is None or not change.is_update:
        return
    changed = {str(one.path.parts[1]) for one in change.fields if len(one.path.parts) > 1}
    for workload in environment.of_kind(environment.head, *WORKLOADS):
        if workload.id.namespace == change.id.namespace and _keeps_pods(workload, environment):
            references = [
                one for one in references_of(workload) if _reads(one, kind, change, changed)
            ]
            if references:
                yield _consequence(workload, references, place)


def _keeps_pods(workload: KubeObject, environment: EnvironmentContext) -> bool:
    """Whether the workload exists already, and nothing replaces its Pods."""
    metadata = as_map(workload.value.get("metadata"))
    reloads = any(_RELOADER in name for name in as_map(metadata.get("annotations")))
    replaced = any(
        one.id == workload.id and next(template_changes(one), None) is not None
        for one in environment.differences
    )
    return workload.id in environment.base and not reloads and not replaced


def _reads(
    reference: Reference, kind: ReferenceKind, change: ObjectDifference, changed: set[str]
) -> bool:
    names = {name for name, _ in reference.keys}
    is_target = reference.kind is kind and reference.target.name == change.id.name
    return (
        is_target
        and "imagePullSecrets" not in reference.path
        and (not names or not changed or bool(names & changed))
    )


def _consequence(
    workload: KubeObject, references: list[Reference], place: FieldDifference
) -> Consequence:
    if any(_is_fixed(workload, one) for one in references):
        return STALE_CONFIGURATION.consequence(
            f"the Pods of {workload.id} keep the old content until they are replaced",
            place,
            afterwards=_restart(workload),
        )
    return STALE_CONFIGURATION.consequence(
        f"the files in the Pods of {workload.id} change, but the program may not read them again",
        place,
        certainty=Certainty.HEURISTIC,
        afterwards=f"{_restart(workload)}, unless the program reads its files again",
    )


def _restart(workload: KubeObject) -> str:
    identity = workload.id
    name = quote(f"{identity.kind.lower()}/{identity.name}")
    command = f"kubectl -n {quote(identity.namespace)} rollout restart {name}"
    return f"Replace the Pods of {identity}: `{command}`"


def _is_fixed(workload: KubeObject, reference: Reference) -> bool:
    """Whether a running Pod never sees new content: in variables, and in files with `subPath`."""
    spec = pod_spec(workload.value, workload.id.group_kind)
    parts = reference.path
    if "volumes" not in parts:
        return True
    index = parts[parts.index("volumes") + 1]
    name = value_at(as_list(spec.get("volumes")), index, "name")
    mounts = (
        as_map(mount)
        for container in containers(workload.value, workload.id.group_kind)
        for mount in as_list(container.get("volumeMounts"))
    )
    return any(mount.get("name") == name and mount.get("subPath") for mount in mounts)
