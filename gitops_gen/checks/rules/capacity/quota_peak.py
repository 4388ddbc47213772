"""Quotas that do not admit the Pods at the maximum of the autoscalers."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.capacity.quotas import limited_resources
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined, not_hydrated_reason
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "capacity-quota-peak",
    title="A quota admits the highest number of Pods of its namespace",
    why="If all autoscalers are at their maximum while all workloads are updated and all Jobs run, "
    "the API server refuses the Pods that exceed the ResourceQuota, although they are needed.",
    remedy="Increase the quota, or decrease the maximum of the autoscaler. If these numbers of "
    "Pods never run at the same time, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: ResourceQuota
spec: {hard: {pods: "8"}}
---
kind: HorizontalPodAutoscaler
spec: {minReplicas: 2, maxReplicas: 10}""",
    good="""\
kind: ResourceQuota
spec: {hard: {pods: "15"}}
---
kind: HorizontalPodAutoscaler
spec: {minReplicas: 2, maxReplicas: 10}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    limited: set[str] = set()
    for one in limited_resources(view):
        limited.add(one.quota.id.namespace)
        # The rule capacity-quota reports what exceeds the quota already without a peak.
        if one.needed <= one.hard < one.peak:
            text = (
                f"{one.described_limit} does not admit the highest number of Pods of the "
                f"namespace, which need {one.in_units(one.peak)} with the maximum of the "
                "autoscalers, an update of all workloads and all Jobs; increase it"
            )
            yield ObjectIssue(one.quota, text, one.path, one.largest)
    yield from _not_counted(view, limited)


def _not_counted(view: EnvironmentView, limited: set[str]) -> Iterator[Undetermined]:
    for one in view.capacity.pod_sets:
        if one.is_on_every_node and one.item.id.namespace in limited:
            yield Undetermined(
                "DaemonSets in namespaces with a quota", "the number of the nodes is not known"
            )
    for component in view.not_hydrated:
        if limited & {component.namespace, *component.touches}:
            yield Undetermined("quotas", not_hydrated_reason(component))
