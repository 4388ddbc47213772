"""Changes that make an interruption more probable."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import (
    AUTOSCALER,
    SCALED,
    WORKLOADS,
    EnvironmentContext,
    containers,
    replicas,
)
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.checks.references import references_of
from gitops_gen.components.quantities import value as number_of
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

AVAILABILITY = ChangeClass(
    "availability",
    rank=8,
    title="An interruption becomes more probable",
    certainty=Certainty.RULE,
    why="One Pod is left, a node can no longer be drained, Kubernetes no longer notices a Pod that "
    "does not answer, a container gets less memory, or an object that Pods need is deleted.",
    remedy="Keep two or more replicas, the probes and a PodDisruptionBudget that allows one "
    "disruption.",
)
_BUDGET = ("policy", "PodDisruptionBudget")
_REQUIRED = frozenset(
    ("", kind) for kind in ("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim")
)
"""The kinds without which a Pod that names such an object does not start."""
_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    kind = change.id.group_kind
    if kind == _BUDGET:
        yield from _budget(change, environment)
    if change.removed is not None and kind in _REQUIRED:
        yield from _missing(change.removed, environment)
    if not change.is_update:
        return
    is_last = replicas(change.old) > 1 and replicas(change.new) == 1
    if kind in SCALED and is_last and environment.autoscaler(environment.head, change.id) is None:
        place = next(change.below("spec", "replicas"), None)
        yield AVAILABILITY.consequence("one Pod is left", place)
    if kind == AUTOSCALER:
        yield from _autoscaler(change)
    if kind in WORKLOADS:
        yield from _containers(change)


def _missing(item: KubeObject, environment: EnvironmentContext) -> Iterator[Consequence]:
    """Yields the workloads whose new Pods do not start without a deleted object."""
    if not environment.removal(item).is_deleted:
        return
    for workload in environment.of_kind(environment.head, *WORKLOADS):
        if any(one.blocks and one.target == item.id for one in references_of(workload)):
            yield AVAILABILITY.consequence(
                f"{workload.id} still needs {item.id}, which is deleted: its new Pods do not start"
            )


def _budget(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    if change.removed is not None:
        namespace = change.removed.id.namespace
        selected = environment.selected_pods(environment.head, namespace, change.old)
        workloads = [one for one in selected if replicas(one.value) or one.id.kind == "DaemonSet"]
        if workloads:
            yield AVAILABILITY.consequence(
                f"{workloads[0].id} has no PodDisruptionBudget any more: a drain may stop all Pods"
            )
    elif (reason := _blocks(change, environment)) is not None:
        yield AVAILABILITY.consequence(reason)


def _blocks(change: ObjectDifference, environment: EnvironmentContext) -> str | None:
    """Why the budget allows no disruption, so that a node cannot be drained."""
    spec = as_map(value_at(change.new, "spec"))
    if spec.get("maxUnavailable") in (0, "0%") or spec.get("minAvailable") == "100%":
        return "the budget allows no disruption, so a node with such a Pod cannot be drained"
    least = spec.get("minAvailable")
    for workload in environment.selected_pods(environment.head, change.id.namespace, change.new):
        scaled = environment.autoscaler(environment.head, workload.id)
        if isinstance(least, int) and scaled is None and least >= replicas(workload.value):
            return (
                f"minAvailable is {least} and {workload.id} has {replicas(workload.value)}: a node "
                "with such a Pod cannot be drained"
            )
    return None


def _autoscaler(change: ObjectDifference) -> Iterator[Consequence]:
    for difference in change.below("spec", "minReplicas"):
        old, new = (
            value_at(change.old, "spec", "minReplicas"),
            value_at(change.new, "spec", "minReplicas"),
        )
        if isinstance(old, int) and old > 1 and new in (None, 1):
            yield AVAILABILITY.consequence("one Pod may be left", difference)


def _containers(change: ObjectDifference) -> Iterator[Consequence]:
    kind = change.id.group_kind
    old = {str(one.get("name")): one for one in containers(change.old, kind)}
    for container in containers(change.new, kind):
        before = old.get(str(container.get("name")))
        if before is not None:
            yield from _probes(change, before, container)
            yield from _memory(change, before, container)


def _probes(
    change: ObjectDifference, before: dict[str, object], after: dict[str, object]
) -> Iterator[Consequence]:
    for probe in _PROBES:
        if before.get(probe) and not after.get(probe):
            place = next((one for one in change.fields if probe in one.names), None)
            yield AVAILABILITY.consequence(
                f"container {after.get('name')} has no {probe} any more", place
            )


def _memory(
    change: ObjectDifference, before: dict[str, object], after: dict[str, object]
) -> Iterator[Consequence]:
    old, new = (value_at(one, "resources", "limits", "memory") for one in (before, after))
    if old is None or new is None or not _is_lower(str(new), str(old)):
        return
    end = ("resources", "limits", "memory")
    place = next((one for one in change.fields if one.names[-len(end) :] == end), None)
    yield AVAILABILITY.consequence(
        f"container {after.get('name')} is stopped above {new} instead of {old}", place
    )


def _is_lower(new: str, old: str) -> bool:
    try:
        return number_of(new) < number_of(old)
    except ValueError:
        return False
