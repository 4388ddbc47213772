"""Quotas that do not admit the Pods that must run."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gitops_gen.checks.capacity.demand import of_pods
from gitops_gen.checks.capacity.quotas import LimitedResource, limited_resources
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "capacity-quota",
    title="A quota admits the objects of its namespace, and one update",
    why="The API server refuses what exceeds a ResourceQuota. A rolling update that may not stop "
    "a Pod first starts a new one, so a quota without room for one more Pod blocks every "
    "update. A Job does not run without room for its Pods.",
    remedy="Increase the quota, or decrease the replicas or the resources of the Pods.",
    bad="""\
kind: ResourceQuota
spec: {hard: {pods: "2"}}
---
kind: Deployment
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}""",
    good="""\
kind: ResourceQuota
spec: {hard: {pods: "3"}}
---
kind: Deployment
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for one in limited_resources(view):
        if one.needed > one.hard:
            text = f"{one.described_limit} does not admit {_needed(one)}; increase it"
            yield ObjectIssue(one.quota, text, one.path, one.largest)
    for _ in view.capacity.pod_sets:
        yield Undetermined("workloads", "the capacity of the nodes is not known")


def _needed(one: LimitedResource) -> str:
    needed = one.in_units(one.needed)
    if not of_pods(one.resource):
        return f"the objects of the namespace, which need {needed}"
    extra = max((share.step for share in one.shares), default=Decimal(0))
    addition = f", of which {one.in_units(extra)} for one update or Job" if extra else ""
    return f"the Pods of the namespace, which need {needed}{addition}"
