"""Plans an environment: its components, each with its sync wave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.components.delivery import delivered
from gitops_gen.components.types import RESERVED_NAMES, Component, HydratedChart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Pin, Related, Rule, dotted
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.plan.requirements import Unprovided, requirement_findings
from gitops_gen.render.plan.shared_namespaces import shared_namespaces

NAME_CLASH = Rule(
    "name-clash",
    title="The names of components are unique",
    why="The Argo CD Application and the folder of the manifests have the name of the component.",
    remedy="Rename one of the two.",
)
CIRCLE = Rule(
    "requirement-circle",
    title="Components do not require each other in a circle",
    why="No order of the sync waves could satisfy all of them.",
    remedy="Remove one of the requirements, for example one of the `calls` between tiers.",
)

Providers: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability -> the components that provide it. A component that requires it waits for all."""


@dataclass(frozen=True, slots=True)
class Planned:
    component: Component
    wave: int


def repository_charts(planned: Iterable[Planned]) -> tuple[str, ...]:
    """The folders of the repository charts, sorted."""
    paths = (item.component.source.repository_path for item in planned)
    return tuple(sorted(path for path in paths if path is not None))


def archives(planned: Iterable[Planned]) -> dict[str, Pin]:
    """The digests of the archives from which components are rendered, with their charts."""
    sources = (item.component.source for item in planned)
    return {one.digest: one.pin for one in sources if isinstance(one, HydratedChart)}


def synced(planned: Iterable[Planned], objects: Iterable[KubeObject]) -> Iterator[Planned]:
    """Yields the components that have an Application.

    A locked chart has one for its CRDs and one for its other objects; Argo CD reports an error for
    a folder without objects.
    """
    with_objects = {item.component for item in objects}
    for item in planned:
        source = item.component.source
        is_part = isinstance(source, HydratedChart) and source.part != "all"
        if not is_part or item.component.name in with_objects:
            yield item


def plan(environment: Environment, folders: Sequence[Folder]) -> tuple[Planned, ...]:
    """The components, sorted by sync wave and name.

    Raises InvalidInput for duplicate names, namespaces that components cannot share,
    capabilities that no component provides, and circular requirements.
    """
    components = _instances(environment, folders)
    providers = providers_of(components)
    unprovided = _unprovided(components, providers)
    findings = [
        *_clashes(environment, components),
        *shared_namespaces(environment, components),
        *requirement_findings(environment, folders, unprovided),
    ]
    if findings:
        raise InvalidInput(findings)
    waves = _waves(environment, components, providers)
    planned = [Planned(component, waves[component.name]) for component in components]
    return tuple(sorted(planned, key=lambda item: (item.wave, item.component.name)))


def _instances(environment: Environment, folders: Iterable[Folder]) -> list[Component]:
    components: list[Component] = []
    for folder in folders:
        components += folder.module.instances(environment, tuple(components))
    return list(delivered(environment, components))


def providers_of(components: Iterable[Component]) -> Providers:
    providers: dict[str, list[Component]] = {}
    for component in components:
        for name in component.provides:
            providers.setdefault(name, []).append(component)
    return providers


def requirements(component: Component, providers: Providers) -> list[str]:
    """The capabilities that a component declares as required, and its provided namespaces."""
    namespaces = {f"namespace:{namespace.name}" for namespace in component.namespaces}
    provided = (name for name in namespaces if name in providers)
    return sorted(component.requires.union(provided) - component.provides)


def _clashes(environment: Environment, components: list[Component]) -> Iterator[Finding]:
    by_name: dict[str, Component] = {}
    for component in components:
        name, first = component.name, by_name.get(component.name)
        if first is not None or name in RESERVED_NAMES:
            owner = dotted(first.section) if first else "gitops-gen"
            text = f"the name '{name}' is already used by {owner}; use another name"
            path, related = component.section, _taken_by(environment, first)
            yield environment.finding(NAME_CLASH, path, text, key=True, related=related)
        by_name[name] = component


def _taken_by(environment: Environment, first: Component | None) -> tuple[Related, ...]:
    if first is None:
        return ()
    place = environment.place(first.section, key=True)
    return (Related(place, f"{dotted(first.section)} has this name"),)


def _unprovided(components: list[Component], providers: Providers) -> Unprovided:
    unprovided: dict[str, list[Component]] = {}
    for component in components:
        for name in requirements(component, providers):
            if name not in providers:
                unprovided.setdefault(name, []).append(component)
    return unprovided


def _waves(
    environment: Environment, components: list[Component], providers: Providers
) -> dict[str, int]:
    """The sync wave of each component: the lowest one after all components that it requires."""
    below = {c.name: _below(c, providers) for c in components}
    minimum = {c.name: c.wave for c in components}
    waves: dict[str, int] = {}
    try:
        for name in TopologicalSorter(below).static_order():
            waves[name] = max([minimum[name], *(waves[lower] + 1 for lower in below[name])])
    except CycleError as error:
        raise InvalidInput([_circle(environment, components, error.args[1])]) from error
    return waves


def _below(component: Component, providers: Providers) -> list[str]:
    """The names of the components that must be synced before it, without duplicates."""
    capabilities = requirements(component, providers)
    return list(dict.fromkeys(c.name for name in capabilities for c in providers[name]))


def _circle(environment: Environment, components: list[Component], names: list[str]) -> Finding:
    """The finding about circular requirements. Its message lists a component before its
    requirements, the reverse of the order of the sorter."""
    sections = {component.name: component.section for component in components}
    start = min(names)
    circle = names[:0:-1]
    circle = circle[circle.index(start) :] + circle[: circle.index(start)]
    text = f"circular requirements: {' -> '.join([*circle, start])}; remove one of them"
    return environment.finding(CIRCLE, sections[start], text, key=True)
