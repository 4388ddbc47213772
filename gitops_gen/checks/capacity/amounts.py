"""Amounts of resources: of containers and of whole Pods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from gitops_gen.checks.view import maps_in
from gitops_gen.components import quantities
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_map, value_at

Amounts: TypeAlias = Mapping[str, Decimal]
"""Amounts by the name of the resource, such as `cpu`."""
_EXPONENT = re.compile(r"([0-9.]+)[eE]([+-]?[0-9]+)")
_GIBIBYTE = 2**30
_OF_PODS = ("cpu", "memory")
"""The resources that a Pod can request as a whole, apart from hugepages."""


def quantity(written: object) -> Decimal | None:
    """Returns the number; None for what is not a quantity, which the API server refuses."""
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return None
    text = str(written)
    try:
        if found := _EXPONENT.fullmatch(text):
            return Decimal(found[1]).scaleb(int(found[2]))
        return quantities.value(text)
    except (ValueError, ArithmeticError):
        return None


def amounts(written: object) -> dict[str, Decimal]:
    found = {name: quantity(one) for name, one in as_map(written).items()}
    return {name: number for name, number in found.items() if number is not None}


def shown(resource: str, number: Decimal) -> str:
    """Returns an amount as a quantity, for messages."""
    name = resource.rpartition("/")[2].rpartition(".")[2]
    if name == "cpu":
        return f"{number * 1000:.0f}m" if number % 1 else f"{number:.0f}"
    if name in ("memory", "storage", "ephemeral-storage") or name.startswith("hugepages"):
        whole = number / _GIBIBYTE
        return f"{whole:.0f}Gi" if whole and not whole % 1 else quantities.of_bytes(number)
    return f"{number:.15g}"


@dataclass(frozen=True, slots=True)
class ContainerResources:
    """The requests and limits of a container or of a Pod."""

    requests: dict[str, Decimal]
    limits: dict[str, Decimal]

    @classmethod
    def written(cls, resources: object) -> ContainerResources:
        """The resources as the API server stores them: a limit is the default of its request."""
        limits = amounts(value_at(resources, "limits"))
        return cls({**limits, **amounts(value_at(resources, "requests"))}, limits)

    def of(self, kind: str) -> dict[str, Decimal]:
        return self.limits if kind == "limits" else self.requests


def pod_resources(
    specification: Values, containers: Mapping[str, Mapping[int, ContainerResources]]
) -> ContainerResources:
    """Returns the resources of a whole Pod. `containers` are those of each list, by index."""
    whole = as_map(specification.get("resources"))
    overhead = amounts(specification.get("overhead"))
    kinds = []
    for kind in ("requests", "limits"):
        found = _summed(specification, containers, kind)
        found |= {
            name: number for name, number in amounts(whole.get(kind)).items() if _is_of_pods(name)
        }
        kinds.append(_added(found, {n: a for n, a in overhead.items() if kind == "requests"}))
    return ContainerResources(*kinds)


def _is_of_pods(name: str) -> bool:
    return name in _OF_PODS or name.startswith("hugepages-")


def _summed(
    specification: Values, containers: Mapping[str, Mapping[int, ContainerResources]], kind: str
) -> dict[str, Decimal]:
    """Containers run together; init containers run alone, beside the sidecars before them."""
    total: dict[str, Decimal] = {}
    for one in containers.get("containers", {}).values():
        total = _added(total, one.of(kind))
    sidecars: dict[str, Decimal] = {}
    largest: dict[str, Decimal] = {}
    for index, container in maps_in(specification, "initContainers"):
        found = containers["initContainers"][index].of(kind)
        running = _added(sidecars, found)
        if container.get("restartPolicy") == "Always":
            sidecars = running
        largest = _largest((largest, running))
    return _largest((_added(total, sidecars), largest))


def _added(first: Amounts, second: Amounts) -> dict[str, Decimal]:
    names = {*first, *second}
    return {name: first.get(name, Decimal(0)) + second.get(name, Decimal(0)) for name in names}


def _largest(several: Iterable[Amounts]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for name, number in _items(several):
        found[name] = max(number, found.get(name, number))
    return found


def _items(several: Iterable[Amounts]) -> Iterator[tuple[str, Decimal]]:
    for one in several:
        yield from one.items()
