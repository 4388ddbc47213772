"""Containers, Pods and claims outside the limits of their namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gitops_gen.checks.capacity.amounts import ContainerResources, amounts, shown
from gitops_gen.checks.capacity.limit_ranges import LISTS, LimitItem
from gitops_gen.checks.capacity.pod_sets import PodSet
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, maps_in
from gitops_gen.model import Path, Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "capacity-limit-range",
    title="Containers, Pods and volume claims are within the limit range of their namespace",
    why="The API server refuses a Pod or a claim that requests less than the minimum, or more than "
    "the maximum of a LimitRange, or whose limit is too high compared with its request.",
    remedy="Change the limit range, or the resources of the containers.",
    bad="""\
kind: LimitRange
spec: {limits: [{type: Container, max: {memory: 256Mi}}]}
---
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, resources: {limits: {memory: 512Mi}}}]""",
    good="""\
kind: LimitRange
spec: {limits: [{type: Container, max: {memory: 512Mi}}]}
---
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, resources: {limits: {memory: 512Mi}}}]""",
)
_CLAIM = "PersistentVolumeClaim"


@dataclass(frozen=True, eq=False, slots=True)
class Limited:
    """What a LimitRange limits: a container, a whole Pod or a claim."""

    item: KubeObject
    name: str
    path: Path
    """The path of its resources in the object."""
    resources: ContainerResources


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    limits = view.capacity.limit_items
    for one in view.capacity.pod_sets if limits else ():
        items = limits.get(one.item.id.namespace, ())
        for limited in _containers(one):
            yield from _outside_defaults(limited)
            yield from _outside(limited, items, "Container")
        whole = Limited(one.item, "the Pod", (*one.path, "resources"), one.resources.whole)
        yield from _outside(whole, items, "Pod")
    for claim in _claims(view) if limits else ():
        items = limits.get(claim.item.id.namespace, ())
        yield from _outside(claim, items, _CLAIM)


def _containers(one: PodSet) -> Iterator[Limited]:
    for key in LISTS:
        for index, container in maps_in(one.specification, key):
            resources = one.resources.containers[key][index]
            path = (*one.path, key, index, "resources")
            yield Limited(one.item, f"container {container.get('name')}", path, resources)


def _claims(view: EnvironmentView) -> Iterator[Limited]:
    for item in view.of_kind(("", _CLAIM)):
        yield _claim(item, ("spec", "resources"))
    for item in view.of_kind(("apps", "StatefulSet")):
        for index, _ in maps_in(item.value, "spec", "volumeClaimTemplates"):
            path = ("spec", "volumeClaimTemplates", index, "spec", "resources")
            yield _claim(item, path)


def _claim(item: KubeObject, path: Path) -> Limited:
    requests = amounts(value_at(item.value, *path, "requests"))
    return Limited(item, "the claim", path, ContainerResources(requests, {}))


# What is outside the limits


def _outside_defaults(one: Limited) -> Iterator[ObjectIssue]:
    """Yields an issue for a default limit that is below the request of the container."""
    written = ContainerResources.written(value_at(one.item.value, *one.path))
    for name, limit in one.resources.limits.items():
        request = one.resources.requests.get(name)
        if name not in written.limits and request is not None and request > limit:
            text = (
                f"{one.item.id}, {one.name}: the request of {name} {shown(name, request)} is above "
                f"{shown(name, limit)}, the default limit of the limit range"
            )
            yield ObjectIssue(one.item, text, (*one.path, "requests", name))


def _outside(one: Limited, items: Sequence[LimitItem], kind: str) -> Iterator[ObjectIssue]:
    for entry in items:
        if entry.type == kind:
            yield from _below(one, entry)
            yield from _above(one, entry)
            yield from _beyond_ratio(one, entry)


def _below(one: Limited, entry: LimitItem) -> Iterator[ObjectIssue]:
    for name, least in entry.of("min").items():
        found = one.resources.requests.get(name)
        if found is None or found < least:
            yield _issue(one, entry, ("min", name), "requests", found)
        elif (limit := one.resources.limits.get(name)) is not None and limit < least:
            yield _issue(one, entry, ("min", name), "limits", limit)


def _above(one: Limited, entry: LimitItem) -> Iterator[ObjectIssue]:
    """A request above the maximum is above the limit, too, which other rules report."""
    kind = "requests" if entry.type == _CLAIM else "limits"
    for name, most in entry.of("max").items():
        found = one.resources.of(kind).get(name)
        if found is None or found > most:
            yield _issue(one, entry, ("max", name), kind, found)


def _beyond_ratio(one: Limited, entry: LimitItem) -> Iterator[ObjectIssue]:
    for name, ratio in entry.of("maxLimitRequestRatio").items():
        request, limit = (kind.get(name) for kind in (one.resources.requests, one.resources.limits))
        if not request or not limit:
            missing = "requests" if not request else "limits"
            yield _issue(one, entry, ("maxLimitRequestRatio", name), missing, None)
        elif limit / request > ratio:
            text = (
                f"{one.item.id}, {one.name}: the limit of {name} is {limit / request:.3g} times "
                f"the request; {entry.item.id} allows {ratio:.3g} times"
            )
            limit_path = (*entry.path, "maxLimitRequestRatio", name)
            yield _placed(one, entry, text, ("limits", name), limit_path)


def _issue(
    one: Limited, entry: LimitItem, bound: tuple[str, str], kind: str, found: Decimal | None
) -> ObjectIssue:
    name = bound[1]
    word = "request" if kind == "requests" else "limit"
    limit = entry.of(bound[0])[name]
    if found is None:
        text = f"has no {word} of {name}, which {entry.item.id} requires"
    else:
        relation = "below the minimum" if bound[0] == "min" else "above the maximum"
        text = (
            f"the {word} of {name} {shown(name, found)} is {relation} {shown(name, limit)} of "
            f"{entry.item.id}"
        )
    place = (*entry.path, *bound)
    return _placed(one, entry, f"{one.item.id}, {one.name}: {text}", (kind, name), place)


def _placed(
    one: Limited, entry: LimitItem, text: str, field: tuple[str, str], limit: Path
) -> ObjectIssue:
    """Returns the issue at the field of the object, or at the limit if the field is a default."""
    path = (*one.path, *field)
    if value_at(one.item.value, *path) is not None:
        return ObjectIssue(one.item, text, path, (entry.item,))
    return ObjectIssue(entry.item, text, limit, (one.item,))
