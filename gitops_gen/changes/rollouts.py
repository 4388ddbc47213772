"""How a workload replaces its Pods after a change of its template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from gitops_gen.changes.context import (
    DAEMON_SET,
    DEPLOYMENT,
    STATEFUL_SET,
    WORKLOADS,
    EnvironmentContext,
    counted,
    replicas,
)
from gitops_gen.changes.result import ObjectDifference
from gitops_gen.model import Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.plain import as_map, value_at


@dataclass(frozen=True, slots=True)
class Rollout:
    """The Pods that a change replaces. `least` and `most` differ if an autoscaler sets them."""

    least: int
    most: int | None
    """None if the number is not known, as for a DaemonSet."""
    unavailable: int
    """How many Pods may be missing at the same time. -1 means all of them."""
    pace: str

    @property
    def pods(self) -> str:
        if self.most is None:
            return "the Pods on all nodes"
        if self.least != self.most:
            return f"{self.least} to {self.most} Pods"
        return counted(self.most, "Pod")

    @property
    def text(self) -> str:
        return f"restarts {self.pods}" + ("" if self.most == 1 else f", {self.pace}")

    @property
    def interrupts(self) -> bool:
        """Whether no Pod is available for some time."""
        return self.most is not None and (self.unavailable < 0 or self.unavailable >= self.most)


def template_changes(change: ObjectDifference) -> Iterator[FieldDifference]:
    """Yields the changed fields of the Pod template of a workload that replaces its Pods."""
    if change.is_update and change.id.group_kind in WORKLOADS:
        yield from change.below("spec", "template")


def rollout(change: ObjectDifference, environment: EnvironmentContext) -> Rollout | None:
    """How the Pods of a workload are replaced; None if they are not.

    Pods are replaced at a change of the template. A workload that has no Pods, is paused, or waits
    until its Pods are deleted, replaces none.
    """
    if next(template_changes(change), None) is None or not _replaces(change.new):
        return None
    least, most = pods(change, environment)
    if most == 0:
        return None
    kind = change.id.group_kind
    if kind == DEPLOYMENT:
        return _of_deployment(change.new, least, most or 0)
    if kind == STATEFUL_SET:
        return _of_stateful_set(change.new, least, most or 0)
    limit = _at_once(value_at(change.new, "spec", "updateStrategy", "rollingUpdate"), 1)
    return Rollout(0, None, 0, limit)


def pods(change: ObjectDifference, environment: EnvironmentContext) -> tuple[int, int | None]:
    """The smallest and the largest number of Pods while a workload is updated."""
    if change.id.group_kind == DAEMON_SET:
        return 0, None
    scaler = environment.autoscaler(environment.head, change.id)
    if scaler is not None and value_at(change.new, "spec", "replicas") in (None, 1):
        least, most = (
            value_at(scaler, "spec", "minReplicas"),
            value_at(scaler, "spec", "maxReplicas"),
        )
        if isinstance(most, int):
            return least if isinstance(least, int) else 1, most
    number = min(replicas(change.old), replicas(change.new))
    return number, number


def _replaces(value: Values) -> bool:
    on_delete = value_at(value, "spec", "updateStrategy", "type") == "OnDelete"
    return not on_delete and value_at(value, "spec", "paused") is not True


def _of_deployment(value: Values, least: int, most: int) -> Rollout:
    strategy = as_map(value_at(value, "spec", "strategy"))
    if strategy.get("type") == "Recreate":
        return Rollout(least, most, -1, "all at once: the old ones stop first (Recreate)")
    limits = as_map(strategy.get("rollingUpdate"))
    surge = _share(limits.get("maxSurge", "25%"), most, up=True)
    missing = _share(limits.get("maxUnavailable", "25%"), least, up=False)
    if not surge and not missing:
        missing = 1
    at_once = surge + missing
    start = "one at a time" if at_once == 1 else f"up to {at_once} at once"
    detail = f"{missing} may be missing" if missing else "a new one starts before an old one stops"
    return Rollout(least, most, missing, f"{start}: {detail}")


def _of_stateful_set(value: Values, least: int, most: int) -> Rollout | None:
    limits = as_map(value_at(value, "spec", "updateStrategy", "rollingUpdate"))
    partition = limits.get("partition") or 0
    replaced = max(0, most - partition) if isinstance(partition, int) else most
    if not replaced:
        return None
    missing = _share(limits.get("maxUnavailable", 1), most, up=True)
    pace = "one at a time" if missing == 1 else f"up to {missing} at once"
    return Rollout(max(0, least - partition), replaced, missing, pace)


def _at_once(limits: object, default: int) -> str:
    stated = as_map(limits).get("maxUnavailable", default)
    return "one at a time" if stated == 1 else f"up to {stated} at once"


def _share(value: object, whole: int, *, up: bool) -> int:
    """The number of Pods that a number or a percentage stands for."""
    if isinstance(value, int):
        return value
    text = str(value)
    if text.endswith("%") and text[:-1].isdecimal():
        part = whole * int(text[:-1]) / 100
        return ceil(part) if up else floor(part)
    return 0
