"""Namespaces of our own components in which something else runs too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from gitops_gen.components.platform.namespaces import NEVER_OWNED
from gitops_gen.components.types import Component, Subchart
from gitops_gen.model import Environment, Finding, Path, Rule, dotted

RULE = Rule(
    "shared-namespace",
    title="An isolated namespace holds only components with network policies",
    why="The default-deny policy of the namespace would cut off whatever else runs in it.",
    remedy="Give one of the two a namespace of its own.",
)

Inside: TypeAlias = Mapping[str, Sequence[Component]]
"""Isolated namespace -> our components in it."""


def shared_namespaces(
    environment: Environment, components: Sequence[Component]
) -> Iterator[Finding]:
    """An isolated namespace denies what no policy names: a chart that brings none would go dark."""
    inside = _isolated(components)
    for namespace in sorted(inside.keys() & NEVER_OWNED):
        yield from _beside("the cluster itself", namespace, inside, environment)
    told: set[str] = set()
    for chart in components:
        if isinstance(chart.source, Subchart):
            continue
        for namespace in sorted({chart.namespace, *chart.touches} & inside.keys() - NEVER_OWNED):
            at = _written_by_user(environment, chart, namespace)
            if at is not None:
                yield _chart_among(environment, at, namespace, inside[namespace])
            elif namespace not in told:
                told.add(namespace)
                yield from _beside(dotted(chart.section), namespace, inside, environment)


def _isolated(components: Iterable[Component]) -> Inside:
    inside: dict[str, list[Component]] = {}
    for component in components:
        for namespace in component.namespaces if isinstance(component.source, Subchart) else ():
            if namespace.isolated:
                inside.setdefault(namespace.name, []).append(component)
    return inside


def _written_by_user(environment: Environment, chart: Component, namespace: str) -> Path | None:
    """Where the user himself put the chart there; an add-on of ours is where it is."""
    listed = (*chart.section, "namespaces")
    items = enumerate(environment.get(*map(str, listed), default=[]))
    places: list[Path] = [(*listed, index) for index, name in items if name == namespace]
    if chart.namespace == namespace:
        places.insert(0, (*chart.section, "namespace"))
    return next((at for at in places if at in environment.sources), None)


def _chart_among(
    environment: Environment, at: Path, namespace: str, ours: Sequence[Component]
) -> Finding:
    names = ", ".join(dotted(component.section) for component in ours)
    message = (
        f"'{namespace}' is the namespace of {names}, whose isolation would cut the chart off; "
        "give it a namespace of its own"
    )
    return environment.finding(RULE, at, message)


def _beside(
    other: str, namespace: str, inside: Inside, environment: Environment
) -> Iterator[Finding]:
    for component in inside[namespace]:
        message = (
            f"'{namespace}' is used by {other} too, which the isolation of {component.name} would "
            "cut off; give the application a namespace of its own"
        )
        yield environment.finding(RULE, (*component.section, "namespace"), message)
