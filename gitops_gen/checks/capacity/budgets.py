"""The Pods that PodDisruptionBudgets select."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.checks.capacity.pod_sets import PodSet
from gitops_gen.checks.selectors import matches_labels
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

DISRUPTION_BUDGET = ("policy", "PodDisruptionBudget")


@dataclass(frozen=True, eq=False, slots=True)
class DisruptionBudget:
    """A PodDisruptionBudget with the Pods that it selects."""

    item: KubeObject
    selected: Sequence[PodSet]


def budgets(view: EnvironmentView) -> Iterator[DisruptionBudget]:
    """Yields the budgets, sorted by namespace and name."""
    for item in sorted(view.of_kind(DISRUPTION_BUDGET), key=lambda item: item.id):
        selector = value_at(item.value, "spec", "selector")
        # Without a selector, a budget selects nothing.
        if isinstance(selector, dict):
            pods = view.capacity.possibly_selected(selector, item.id.namespace)
            selected = [one for one in pods if matches_labels(selector, one.labels)]
            yield DisruptionBudget(item, selected)
