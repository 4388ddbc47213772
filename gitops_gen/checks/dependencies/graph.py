"""All dependencies between the objects of an environment."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies.creation import on_creation
from gitops_gen.checks.dependencies.dependency import Dependency, Need
from gitops_gen.checks.dependencies.operation import on_operation
from gitops_gen.checks.dependencies.places import SyncPlace, place_of
from gitops_gen.checks.dependencies.requirement import Requirement
from gitops_gen.checks.dependencies.webhooks import on_webhooks
from gitops_gen.checks.references import Reference
from gitops_gen.checks.view import APP_PROJECT, EnvironmentView
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import APPLICATION

_STARTED_LATER = (("batch", "CronJob"), ("", "PodTemplate"))
"""Kinds that are healthy before they run Pods."""
_OF_ADMISSION = ("ServiceAccount", "PriorityClass")
"""Kinds without which the API server refuses a Pod."""


def dependencies(view: EnvironmentView) -> tuple[Dependency, ...]:
    """Returns the dependencies between the objects of the components' Applications.

    Each states what it is needed for, and when Argo CD syncs both objects.
    """
    return view.dependencies


def all_dependencies(view: EnvironmentView) -> Iterator[Dependency]:
    """Yields what `dependencies` returns. `EnvironmentView` keeps the result."""
    places: dict[ObjectId, SyncPlace | None] = {}

    def place(item: KubeObject) -> SyncPlace | None:
        if item.id not in places:
            places[item.id] = place_of(view, item)
        return places[item.id]

    for one in (*on_creation(view), *_on_references(view), *on_operation(view)):
        yield from _placed(one, place(one.source), place(one.target))
    for one in on_webhooks(view, place):
        yield from _placed(one, place(one.source), place(one.target))


def _placed(
    one: Requirement, source: SyncPlace | None, target: SyncPlace | None
) -> Iterator[Dependency]:
    # A hook that is not part of a sync has no order.
    if one.source is not one.target and source is not None and target is not None:
        yield Dependency(one.source, one.path, one.target, one.need, source, target, one.webhook)


def _on_references(view: EnvironmentView) -> Iterator[Requirement]:
    for reference in view.targets.references:
        target = view.targets.rendered(reference.target)
        if target is not None and is_synced(reference.source):
            yield Requirement(reference.source, reference.path, target, _need(reference))


def _need(reference: Reference) -> Need:
    kind = reference.source.id.group_kind
    if not reference.blocks or kind in _STARTED_LATER:
        return Need.USE
    is_refused = kind == ("", "Pod") and reference.target.kind in _OF_ADMISSION
    return Need.ACCEPTANCE if is_refused else Need.HEALTH


def is_synced(item: KubeObject) -> bool:
    """Whether the Application of a component syncs an object."""
    return item.id.group_kind not in (APPLICATION, APP_PROJECT)
