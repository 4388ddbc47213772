"""How many Pods the workloads of an environment run at the same time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.capacity.limit_ranges import (
    LIMIT_RANGE,
    LimitItem,
    PodResources,
    limit_items,
)
from gitops_gen.checks.pods import pod_labels, pod_specification
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

_AUTOSCALER = ("autoscaling", "HorizontalPodAutoscaler")
_DAEMON_SET = ("apps", "DaemonSet")
_DEPLOYMENT = ("apps", "Deployment")
_REPLICATED = (_DEPLOYMENT, ("apps", "StatefulSet"), ("apps", "ReplicaSet"))
_JOBS = {("batch", "Job"): (), ("batch", "CronJob"): ("spec", "jobTemplate")}
"""The kinds whose Pods end, with the path of the Job."""


@dataclass(frozen=True, eq=False)
class PodSet:
    """The equal Pods of one workload."""

    item: KubeObject
    path: Path
    """The path of the Pod specification."""
    specification: Values
    least: int
    """The number of Pods that always run."""
    most: int
    """The number of Pods at the maximum of the autoscaler."""
    temporary: int
    """The number of Pods of one run of a Job."""
    resources: PodResources

    @cached_property
    def labels(self) -> Values:
        return pod_labels(self.item)

    @property
    def is_on_every_node(self) -> bool:
        return self.item.id.group_kind == _DAEMON_SET

    @property
    def ends(self) -> bool:
        """Whether they are Pods of Jobs."""
        return self.item.id.group_kind in _JOBS

    @property
    def step(self) -> int:
        """The number of Pods that must start before another one is stopped, or before a Job ends:
        without room for them, an update or a Job does not continue."""
        surge, unavailable = self._update(self.least)
        return self.temporary or (1 if surge and not unavailable else 0)

    @property
    def peak(self) -> int:
        """The highest number of Pods at the same time, during an update or a run of the Job."""
        return self.most + self._update(self.most)[0] + self.temporary

    def _update(self, replicas: int) -> tuple[int, int]:
        """The number of additional Pods and of unavailable Pods during a rolling update."""
        strategy = as_map(value_at(self.item.value, "spec", "strategy"))
        if self.item.id.group_kind != _DEPLOYMENT or strategy.get("type") == "Recreate":
            return 0, replicas
        rolling = as_map(strategy.get("rollingUpdate"))
        surge = scaled(rolling.get("maxSurge", "25%"), replicas, round_up=True)
        unavailable = scaled(rolling.get("maxUnavailable", "25%"), replicas, round_up=False)
        # Kubernetes stops one Pod if both numbers are 0.
        return surge, unavailable if surge or unavailable else 1


def scaled(written: object, replicas: int, *, round_up: bool) -> int:
    """Returns a number of Pods that is written as a number or in percent."""
    text = str(written)
    if text.endswith("%") and text[:-1].isdecimal():
        share = int(text[:-1]) * replicas / 100
        return math.ceil(share) if round_up else math.floor(share)
    return int(text) if text.isdecimal() else 0


@dataclass(frozen=True, eq=False)
class Capacity:
    """The Pods of an environment, and what limits them."""

    view: EnvironmentView

    @cached_property
    def pod_sets(self) -> tuple[PodSet, ...]:
        return tuple(found for item in self.view.objects for found in self._of(item))

    @cached_property
    def by_namespace(self) -> Mapping[str, Sequence[PodSet]]:
        found: dict[str, list[PodSet]] = {}
        for one in self.pod_sets:
            found.setdefault(one.item.id.namespace, []).append(one)
        return found

    def possibly_selected(self, selector: Values, namespace: str) -> Sequence[PodSet]:
        """The Pods of a namespace with the first label that a selector requires, if any."""
        for key, text in as_map(selector.get("matchLabels")).items():
            return self._by_label.get((namespace, key, str(text)), ())
        return self.by_namespace.get(namespace, ())

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str, str], Sequence[PodSet]]:
        found: dict[tuple[str, str, str], list[PodSet]] = {}
        for one in self.pod_sets:
            for key, text in one.labels.items():
                found.setdefault((one.item.id.namespace, key, str(text)), []).append(one)
        return found

    @cached_property
    def limit_items(self) -> Mapping[str, Sequence[LimitItem]]:
        """The entries of the LimitRanges by namespace."""
        found: dict[str, list[LimitItem]] = {}
        for item in self.view.of_kind(LIMIT_RANGE):
            found.setdefault(item.id.namespace, []).extend(limit_items(item))
        return found

    def _of(self, item: KubeObject) -> Iterator[PodSet]:
        pod = pod_specification(item)
        if pod is None or item.id.group_kind == ("", "PodTemplate"):
            return
        least, most, temporary = self._numbers(item)
        items = self.limit_items.get(item.id.namespace, ())
        resources = PodResources.of(pod[1], items)
        yield PodSet(item, *pod, least, most, temporary, resources)

    def _numbers(self, item: KubeObject) -> tuple[int, int, int]:
        """The least and the highest number of Pods, and the number of Pods of a Job."""
        kind = item.id.group_kind
        if kind in _JOBS:
            return 0, 0, _parallel(value_at(item.value, *_JOBS[kind]), item)
        if kind == _DAEMON_SET:
            return 0, 0, 0
        replicas = _number(value_at(item.value, "spec", "replicas"), 1)
        scaler = self._autoscalers.get(item.id)
        if scaler is None or replicas == 0 or kind not in _REPLICATED:
            return replicas, replicas, 0
        spec = as_map(scaler.value.get("spec"))
        least = _number(spec.get("minReplicas"), 1)
        return least, max(least, _number(spec.get("maxReplicas"), 1)), 0

    @cached_property
    def _autoscalers(self) -> Mapping[ObjectId, KubeObject]:
        """The autoscalers by the workload that they scale."""
        found = {}
        for item in self.view.of_kind(_AUTOSCALER):
            target = as_map(value_at(item.value, "spec", "scaleTargetRef"))
            version, kind, name = (str(target.get(k)) for k in ("apiVersion", "kind", "name"))
            found[ObjectId.of(version, kind, item.id.namespace, name)] = item
        return found


def _parallel(job: object, item: KubeObject) -> int:
    """The number of Pods that a Job runs at the same time."""
    spec = as_map(value_at(job, "spec"))
    if spec.get("suspend") is True or value_at(item.value, "spec", "suspend") is True:
        return 0
    parallelism = _number(spec.get("parallelism"), 1)
    return min(parallelism, _number(spec.get("completions"), parallelism))


def _number(written: object, default: int) -> int:
    is_number = isinstance(written, int) and not isinstance(written, bool) and written >= 0
    return int(str(written)) if is_number else default
