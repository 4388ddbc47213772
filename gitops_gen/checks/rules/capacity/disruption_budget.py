"""PodDisruptionBudgets that never allow a Pod to be evicted."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.capacity.budgets import DisruptionBudget, budgets
from gitops_gen.checks.capacity.pod_sets import scaled
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.plain import as_map, value_at

RULE = Rule(
    "capacity-disruption-budget",
    title="A PodDisruptionBudget allows one Pod to be evicted",
    why="A node is drained before it is replaced. If a budget never allows an eviction, the drain "
    "does not end, and an update of the node group fails.",
    remedy="Use `maxUnavailable: 1`, or run more Pods than `minAvailable`. If a person drains "
    "the nodes and deletes the Pod, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: PodDisruptionBudget
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
kind: Deployment
spec: {replicas: 1, template: {metadata: {labels: {app: web}}}}""",
    good="""\
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
kind: Deployment
spec: {replicas: 1, template: {metadata: {labels: {app: web}}}}""",
)
_KEYS = ("maxUnavailable", "minAvailable")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for budget in budgets(view):
        spec = as_map(value_at(budget.item.value, "spec"))
        key = next((key for key in _KEYS if spec.get(key) is not None), None)
        reason = _reason(budget, key, spec[key]) if key else None
        if key and reason:
            text = f"{budget.item.id} never allows an eviction, so nodes cannot be drained: "
            related = tuple(one.item for one in budget.selected)
            yield ObjectIssue(budget.item, f"{text}{reason}", ("spec", key), related)


def _reason(budget: DisruptionBudget, key: str, written: object) -> str | None:
    """Returns why a budget allows no eviction; None if it allows one, or selects no Pods."""
    if any(one.is_on_every_node for one in budget.selected):
        # The number of Pods is that of the nodes, and a drain ignores them.
        return None
    pods = sum(one.least for one in budget.selected)
    of_jobs = next((one for one in budget.selected if one.ends and one.temporary), None)
    if of_jobs and (key == "maxUnavailable" or str(written).endswith("%")):
        return f"it selects the Pods of {of_jobs.item.id}, for which Kubernetes knows no replicas"
    if pods and _available(key, written, pods) >= pods:
        numbers = "" if key == "maxUnavailable" else f", and {_number(pods)} at least"
        return f"{key} is {written}{numbers}"
    return None


def _available(key: str, written: object, pods: int) -> int:
    """Returns how many Pods must be available. Kubernetes rounds both numbers up."""
    number = scaled(written, pods, round_up=True)
    return pods - number if key == "maxUnavailable" else number


def _number(pods: int) -> str:
    return "1 Pod runs" if pods == 1 else f"{pods} Pods run"
