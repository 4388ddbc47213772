"""The routes from paths to tiers, in the order in which the load balancer evaluates them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from gitops_gen.model import Environment, Values

NAME = "ingress"


@dataclass(frozen=True, slots=True)
class Route:
    tier: str
    namespace: str
    path: str
    port: int


@dataclass(frozen=True, slots=True)
class Run:
    """One Ingress: consecutive routes of one namespace, in the order of all routes.

    The load balancer uses the first rule that matches, and the controller sorts rules by length
    only within an Ingress. If paths of namespaces interleave (`/` and `/api/v2` in one, `/api` in
    another), one Ingress per namespace could not express the order.
    """

    name: str
    order: int
    routes: tuple[Route, ...]

    @property
    def namespace(self) -> str:
        return self.routes[0].namespace


def routes(environment: Environment) -> tuple[Route, ...]:
    """Returns the routes of the enabled tiers, longest path first."""
    tiers: Values = environment.get("tiers", default={})
    found = [
        Route(name, str(tier["namespace"]), str(tier["path"]), int(tier["port"]))
        for name, tier in tiers.items()
        if environment.enabled("tiers", name) and tier.get("path") and tier.get("port")
    ]
    return sorted_routes(found)


def sorted_routes(routes: Iterable[Route]) -> tuple[Route, ...]:
    return tuple(sorted(routes, key=_longest_first))


def runs(routes: Iterable[Route]) -> tuple[Run, ...]:
    """Groups routes into Ingresses. Numbers in names count from the shortest path, so that a new,
    longer path does not rename other Ingresses."""
    grouped = [tuple(group) for _, group in groupby(routes, key=lambda route: route.namespace)]
    names = _names([group[0].namespace for group in reversed(grouped)])
    return tuple(
        Run(name, order, group)
        for order, (name, group) in enumerate(zip(reversed(names), grouped, strict=True), 1)
    )


def _longest_first(route: Route) -> tuple[int, str, str]:
    return -len(route.path.rstrip("/")), route.namespace, route.path


def _names(namespaces: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for namespace in namespaces:
        seen[namespace] = seen.get(namespace, 0) + 1
        names.append(NAME if seen[namespace] == 1 else f"{NAME}-{seen[namespace]}")
    return names
