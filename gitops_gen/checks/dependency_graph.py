"""The dependencies between the Applications of an environment as a graph, with their waves."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies import dependencies
from gitops_gen.checks.graphs import EdgeStyle, Graph, GraphEdge, GraphGroup, GraphNode
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.objects.reading import sync_wave

TITLE = "Dependencies"
DESCRIPTION = (
    "A node is an Application, in the sync wave in which Argo CD syncs it. An edge leads from an "
    "Application to another one that must be synced before it, with the kinds of the objects or "
    "the capabilities that it requires. A dotted edge is a dependency that the waves do not order."
)


def dependency_graph(view: EnvironmentView) -> Graph:
    waves = {name: sync_wave(view.applications[name]) for name in _names(view)}
    groups = {wave: GraphGroup(_group(wave), f"wave {wave}") for wave in sorted(waves.values())}
    nodes = (GraphNode(name, (name,), _group(wave)) for name, wave in sorted(waves.items()))
    edges = (
        GraphEdge(source, target, tuple(lines), _style(waves[source], waves[target]))
        for (source, target), lines in sorted(_edges(view).items())
    )
    return Graph(TITLE, DESCRIPTION, tuple(nodes), tuple(edges), tuple(groups.values()))


def _names(view: EnvironmentView) -> Iterator[str]:
    yield from (name for name in view.components if name in view.applications)


def _group(wave: int) -> str:
    return f"wave {wave + 1_000_000:08}"


def _style(source: int, target: int) -> EdgeStyle:
    return EdgeStyle.SOLID if target < source else EdgeStyle.DOTTED


def _edges(view: EnvironmentView) -> dict[tuple[str, str], list[str]]:
    """What an Application requires of another one, by their names."""
    found: dict[tuple[str, str], set[str]] = {}
    names = set(_names(view))
    for source, target, text in (*_of_objects(view), *_of_capabilities(view)):
        if source != target and {source, target} <= names:
            found.setdefault((source, target), set()).add(text)
    return {ends: sorted(texts) for ends, texts in found.items()}


def _of_objects(view: EnvironmentView) -> Iterator[tuple[str, str, str]]:
    for one in dependencies(view):
        yield one.source.component, one.target.component, one.target.id.kind


def _of_capabilities(view: EnvironmentView) -> Iterator[tuple[str, str, str]]:
    """Yields what components require of each other, which rendered objects may not show."""
    for component in view.components.values():
        for capability in sorted(component.requires):
            for provider in view.components.values():
                if capability in provider.provides:
                    yield component.name, provider.name, capability
