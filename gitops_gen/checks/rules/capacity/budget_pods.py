"""PodDisruptionBudgets without Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.capacity.budgets import budgets
from gitops_gen.checks.pods import pod_labels_path
from gitops_gen.checks.traffic.services import undetermined_pods
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "capacity-budget-pods",
    title="Every PodDisruptionBudget selects Pods",
    why="A budget without Pods protects nothing: a drain can stop all Pods of the program at once.",
    remedy="Correct the selector or the labels of the Pods. If something outside of this "
    "repository creates the Pods, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec: {template: {metadata: {labels: {app: web}}}}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: website}}}""",
    good="""\
kind: Deployment
spec: {template: {metadata: {labels: {app: web}}}}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for budget in budgets(view):
        if not budget.selected:
            namespace = budget.item.id.namespace
            unknown = undetermined_pods(
                view.traffic.workloads, namespace, "selectors of PodDisruptionBudgets"
            )
            yield unknown or _issue(view, budget.item)


def _issue(view: EnvironmentView, item: KubeObject) -> ObjectIssue:
    text = f"no Pods in the namespace {item.id.namespace} match the selector of {item.id}"
    pods = view.traffic.workloads.in_namespace(item.id.namespace)
    labels = tuple((one.workload, pod_labels_path(one.workload)) for one in pods if one.workload)
    return ObjectIssue(item, text, ("spec", "selector"), alternatives=labels)
