"""Containers without a resource that a quota of their namespace limits."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.capacity.demand import RESOURCE_QUOTA, NamespaceDemand
from gitops_gen.checks.capacity.limit_ranges import LISTS
from gitops_gen.checks.capacity.pod_sets import PodSet
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, maps_in
from gitops_gen.model import Rule
from gitops_gen.objects.plain import as_map, value_at

RULE = Rule(
    "capacity-quota-resources",
    title="Containers have the requests and limits that a quota of their namespace limits",
    why="If a ResourceQuota limits CPU or memory, the API server refuses every Pod with a "
    "container that does not state the same request or limit.",
    remedy="Add the request or limit to the containers, add a LimitRange with a default, or remove "
    "the resource from the quota.",
    bad="""\
kind: ResourceQuota
spec: {hard: {limits.cpu: "4"}}
---
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, resources: {requests: {cpu: 100m}}}]""",
    good="""\
kind: ResourceQuota
spec: {hard: {limits.cpu: "4"}}
---
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, resources: {requests: {cpu: 100m}, limits: {cpu: "1"}}}]""",
)
_REQUIRED = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    **{
        f"{kind}.{name}": (kind, name)
        for kind in ("requests", "limits")
        for name in ("cpu", "memory")
    },
}


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for quota in view.of_kind(RESOURCE_QUOTA):
        demand = NamespaceDemand(view, view.capacity, quota.id.namespace)
        pod_sets = list(demand.pod_sets(quota))
        for resource in as_map(value_at(quota.value, "spec", "hard")):
            found = [(one, names) for one in pod_sets if (names := _without(one, resource))]
            if found:
                text = _text(str(quota.id), resource, found)
                related = tuple(one.item for one, _ in found)
                yield ObjectIssue(quota, text, ("spec", "hard", resource), related)


def _without(one: PodSet, resource: str) -> list[str]:
    """Returns the names of the containers without the resource."""
    if resource not in _REQUIRED or one.resources.is_requested_as_a_whole:
        return []
    kind, name = _REQUIRED[resource]
    return [
        str(container.get("name"))
        for key in LISTS
        for index, container in maps_in(one.specification, key)
        if name not in one.resources.containers[key][index].of(kind)
    ]


def _text(quota: str, resource: str, found: list[tuple[PodSet, list[str]]]) -> str:
    first, names = found[0]
    several = len(found) - 1
    more = f" and {several} more {'workload' if several == 1 else 'workloads'}" if several else ""
    written = resource if "." in resource else f"requests.{resource}"
    return (
        f"{quota} has {resource}, so the API server refuses the Pods of {first.item.id}"
        f"{more}: no {written} in the container {', '.join(names)}"
    )
