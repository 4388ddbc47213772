"""The resources that ResourceQuotas limit, with what the objects of the namespace need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gitops_gen.checks.capacity.amounts import amounts, shown
from gitops_gen.checks.capacity.demand import RESOURCE_QUOTA, NamespaceDemand, Share
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

_NAMED = 3
"""The number of the largest objects that a finding names."""


@dataclass(frozen=True, eq=False)
class LimitedResource:
    """One resource of a quota. Objects whose number is not known are not counted."""

    quota: KubeObject
    resource: str
    hard: Decimal
    shares: Sequence[Share]

    @property
    def path(self) -> Path:
        return "spec", "hard", self.resource

    @property
    def needed(self) -> Decimal:
        """The amount without which Pods do not start, or an update does not continue."""
        steps = (share.step for share in self.shares)
        return sum((share.least for share in self.shares), max(steps, default=Decimal(0)))

    @property
    def peak(self) -> Decimal:
        """The amount when all autoscalers are at their maximum and all workloads are updated."""
        return sum((share.peak for share in self.shares), Decimal(0))

    @property
    def largest(self) -> tuple[KubeObject, ...]:
        """The objects that need most."""
        found = sorted(self.shares, key=lambda share: (-share.peak, share.item.id))
        return tuple(share.item for share in found[:_NAMED] if share.peak)

    @property
    def described_limit(self) -> str:
        return f"{self.resource} {self.in_units(self.hard)} of {self.quota.id}"

    def in_units(self, number: Decimal) -> str:
        return shown(self.resource, number)


def limited_resources(view: EnvironmentView) -> Iterator[LimitedResource]:
    """Yields the resources of all quotas for which it is known what counts."""
    demands: dict[str, NamespaceDemand] = {}
    for quota in view.of_kind(RESOURCE_QUOTA):
        name = quota.id.namespace
        demand = demands.setdefault(name, NamespaceDemand(view, view.capacity, name))
        for resource, hard in amounts(value_at(quota.value, "spec", "hard")).items():
            shares = demand.shares(quota, resource)
            if shares is not None:
                yield LimitedResource(quota, resource, hard, shares)
