"""Isolated namespaces of first-party components in which another chart runs too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Finding, Path, Rule, dotted

RULE = Rule(
    "shared-namespace",
    title="An isolated namespace holds only components with network policies",
    why="The default-deny policy of the namespace would cut off whatever else runs in it.",
    remedy="Give one of the two a namespace of its own.",
)

Isolated: TypeAlias = Mapping[str, Sequence[Component]]
"""Isolated namespace -> the first-party components in it."""


def shared_namespaces(
    environment: Environment, components: Sequence[Component]
) -> Iterator[Finding]:
    """An isolated namespace denies every flow that no NetworkPolicy allows: the Pods of a chart
    without policies could not connect to anything, and nothing to them."""
    isolated, never_ours = _isolated(components), never_owned()
    for namespace in sorted(isolated.keys() & never_ours):
        yield from _isolation_cuts_off("the cluster itself", namespace, isolated, environment)
    reported: set[str] = set()
    for chart in components:
        if chart.source.is_first_party:
            continue
        for namespace in sorted({chart.namespace, *chart.touches} & isolated.keys() - never_ours):
            path = _written_by_user(environment, chart, namespace)
            if path is not None:
                yield _chart_is_cut_off(environment, path, namespace, isolated[namespace])
            elif namespace not in reported:
                reported.add(namespace)
                yield from _isolation_cuts_off(
                    dotted(chart.section), namespace, isolated, environment
                )


def _isolated(components: Iterable[Component]) -> Isolated:
    isolated: dict[str, list[Component]] = {}
    for component in components:
        for namespace in component.namespaces if component.source.is_first_party else ():
            if namespace.isolated:
                isolated.setdefault(namespace.name, []).append(component)
    return isolated


def _written_by_user(environment: Environment, chart: Component, namespace: str) -> Path | None:
    """The path of the namespace in the user's values; None where our defaults name it."""
    listed = (*chart.section, "namespaces")
    items = enumerate(environment.get(*map(str, listed), default=[]))
    paths: list[Path] = [(*listed, index) for index, name in items if name == namespace]
    if chart.namespace == namespace:
        paths.insert(0, (*chart.section, "namespace"))
    return next((path for path in paths if path in environment.sources), None)


def _chart_is_cut_off(
    environment: Environment, path: Path, namespace: str, components: Sequence[Component]
) -> Finding:
    names = ", ".join(dotted(component.section) for component in components)
    message = (
        f"'{namespace}' is the namespace of {names}, whose isolation would cut the chart off; "
        "give it a namespace of its own"
    )
    return environment.finding(RULE, path, message)


def _isolation_cuts_off(
    user: str, namespace: str, isolated: Isolated, environment: Environment
) -> Iterator[Finding]:
    for component in isolated[namespace]:
        message = (
            f"'{namespace}' is used by {user} too, which the isolation of {component.name} would "
            "cut off; give the application a namespace of its own"
        )
        yield environment.finding(RULE, (*component.section, "namespace"), message)
