"""Pods that several PodDisruptionBudgets select."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.capacity.budgets import budgets
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import ObjectId, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "capacity-two-budgets",
    title="At most one PodDisruptionBudget selects a Pod",
    why="The API server refuses to evict a Pod that two budgets select, so a drain of its "
    "node does not end.",
    remedy="Remove one of the two budgets, or change its selector. If a person deletes the Pod "
    "before a drain, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
kind: PodDisruptionBudget
metadata: {name: all}
spec: {maxUnavailable: 1, selector: {}}""",
    good="""\
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    first: dict[ObjectId, KubeObject] = {}
    for budget in budgets(view):
        for one in budget.selected:
            earlier = first.setdefault(one.item.id, budget.item)
            if earlier is not budget.item and not one.is_on_every_node:
                text = f"{budget.item.id} selects the Pods of {one.item.id}, as {earlier.id} does"
                yield ObjectIssue(budget.item, text, ("spec", "selector"), (earlier, one.item))
                break
