"""The LimitRanges of a namespace, and the resources that they give to containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gitops_gen.checks.capacity.amounts import ContainerResources, amounts, pod_resources
from gitops_gen.checks.view import maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map

LIMIT_RANGE = ("", "LimitRange")
LISTS = ("containers", "initContainers")


@dataclass(frozen=True, eq=False, slots=True)
class LimitItem:
    """One entry of a LimitRange."""

    item: KubeObject
    path: Path
    type: str
    bounds: Mapping[str, Mapping[str, Decimal]]
    """The amounts of `min`, `max`, `maxLimitRequestRatio`, `default` and `defaultRequest`."""

    def of(self, bound: str) -> Mapping[str, Decimal]:
        return self.bounds.get(bound, {})


def limit_items(item: KubeObject) -> Iterator[LimitItem]:
    for index, entry in maps_in(item.value, "spec", "limits"):
        bounds = {key: amounts(entry[key]) for key in entry if isinstance(entry[key], dict)}
        yield LimitItem(item, ("spec", "limits", index), str(entry.get("type")), bounds)


def with_defaults(written: ContainerResources, items: Sequence[LimitItem]) -> ContainerResources:
    """Returns the resources that the API server gives to a container."""
    requests, limits = dict(written.requests), dict(written.limits)
    for one in items:
        if one.type == "Container":
            # A maximum is the default of the limit, which is the default of the request.
            default = {**one.of("max"), **one.of("default")}
            requests = {
                **one.of("min"),
                **default,
                **one.of("defaultRequest"),
                **requests,
            }
            limits = {**default, **limits}
    return ContainerResources(requests, limits)


@dataclass(frozen=True, eq=False)
class PodResources:
    """The resources of a Pod and of its containers, with the defaults of limit ranges."""

    specification: Values
    items: Sequence[LimitItem]
    containers: Mapping[str, Mapping[int, ContainerResources]]
    """The containers of each list, by index."""
    whole: ContainerResources

    @classmethod
    def of(cls, specification: Values, items: Sequence[LimitItem]) -> PodResources:
        containers = {
            key: {
                index: with_defaults(ContainerResources.written(one.get("resources")), items)
                for index, one in maps_in(specification, key)
            }
            for key in LISTS
        }
        return cls(specification, items, containers, pod_resources(specification, containers))

    @property
    def is_best_effort(self) -> bool:
        every = [one for found in self.containers.values() for one in found.values()]
        return not any(
            amount
            for one in (*every, ContainerResources.written(self.specification.get("resources")))
            for kind in (one.requests, one.limits)
            for name, amount in kind.items()
            if name in ("cpu", "memory")
        )

    @property
    def is_requested_as_a_whole(self) -> bool:
        resources = as_map(self.specification.get("resources"))
        return bool(resources.get("requests") or resources.get("limits"))
