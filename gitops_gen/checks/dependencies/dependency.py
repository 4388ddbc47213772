"""One dependency between two objects, and whether the waves order it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.checks.dependencies.places import SyncPlace
from gitops_gen.checks.view import CRD, NAMESPACE
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject

_MOVED = (NAMESPACE, CRD)
"""Kinds that Argo CD moves before the first object of the same Application that requires them,
into the phase and the wave of that object."""


class Need(StrEnum):
    """What an object needs another object for."""

    ACCEPTANCE = "acceptance"
    """The API server refuses the object until the other one is in the cluster."""
    HEALTH = "health"
    """The object becomes healthy by itself when the other one is in the cluster, not before."""
    USE = "use"
    """The object is accepted and can be healthy without the other one, which it uses later."""


class SyncOrder(StrEnum):
    """When Argo CD syncs the target of a dependency, compared with its source."""

    BEFORE = "before"
    TOGETHER = "together"
    """In one wave, in an order that is not certain."""
    AFTER = "after"


@dataclass(frozen=True, eq=False)
class Dependency:
    """An object that needs another object. Both are part of an Application."""

    source: KubeObject
    path: Path
    """The field of the source that names the target; empty if there is none."""
    target: KubeObject
    """The object, or the Application that creates it if Argo CD renders the chart."""
    need: Need
    source_place: SyncPlace
    target_place: SyncPlace
    webhook: KubeObject | None = None
    """The webhook configuration that makes the source depend on the Pods of the target."""

    @property
    def in_one_application(self) -> bool:
        return self.source_place.application == self.target_place.application

    @property
    def order(self) -> SyncOrder:
        source, target = self.source_place, self.target_place
        if not self.in_one_application:
            return _order(target.application_wave - source.application_wave)
        if self.target.id.group_kind in _MOVED:
            return SyncOrder.BEFORE
        if source.in_application != target.in_application:
            is_before = target.in_application < source.in_application
            return SyncOrder.BEFORE if is_before else SyncOrder.AFTER
        # In one wave, Argo CD does not wait until the Pods of the webhook run.
        in_order = self.webhook is None and target.kind_order < source.kind_order
        return SyncOrder.BEFORE if in_order else SyncOrder.TOGETHER

    def __str__(self) -> str:
        """The first part of a message, without the waves."""
        if self.webhook is None:
            return f"{self.source.id} requires {self.target.id}"
        return (
            f"{self.webhook.id} admits {self.source.id} and requires the Pods of {self.target.id}"
        )


def _order(difference: int) -> SyncOrder:
    if difference == 0:
        return SyncOrder.TOGETHER
    return SyncOrder.BEFORE if difference < 0 else SyncOrder.AFTER
