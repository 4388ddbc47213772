"""Environment -> its components, each in its wave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.components.types import TAKEN, Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Related, Rule, dotted
from gitops_gen.render.plan.requirements import Unprovided, requirement_findings
from gitops_gen.render.plan.shared_namespaces import shared_namespaces

NAME_CLASH = Rule(
    "name-clash",
    title="Each component has a name of its own",
    why="The name is that of the Argo CD Application and of the folder of its manifests.",
    remedy="Rename one of the two.",
)
CIRCLE = Rule(
    "requirement-circle",
    title="Components do not require each other in a circle",
    why="No order of the sync waves could satisfy all of them.",
    remedy="Remove one of the requirements, for instance one of the `calls` between tiers.",
)

Providers: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability -> the components that provide it; one that requires it waits for all of them."""


@dataclass(frozen=True, slots=True)
class Planned:
    component: Component
    wave: int


def plan(environment: Environment, folders: Sequence[Folder]) -> tuple[Planned, ...]:
    """The components in the order of their waves, then by name.

    Raises InvalidInput for a name that two components have, a namespace in which they cannot
    both be, a capability that nothing provides, and requirements in a circle.
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
    return components


def providers_of(components: Iterable[Component]) -> Providers:
    providers: dict[str, list[Component]] = {}
    for component in components:
        for name in component.provides:
            providers.setdefault(name, []).append(component)
    return providers


def requirements(component: Component, providers: Providers) -> list[str]:
    """The capabilities it declares to require, and its namespaces that a component provides."""
    namespaces = {f"namespace:{namespace.name}" for namespace in component.namespaces}
    provided = (name for name in namespaces if name in providers)
    return sorted(component.requires.union(provided) - component.provides)


def _clashes(environment: Environment, components: list[Component]) -> Iterator[Finding]:
    by_name: dict[str, Component] = {}
    for component in components:
        name, first = component.name, by_name.get(component.name)
        if first is not None or name in TAKEN:
            owner = dotted(first.section) if first else "the generator itself"
            text = f"the name '{name}' is taken by {owner}; choose another"
            path, related = component.section, _taken_by(environment, first)
            yield environment.finding(NAME_CLASH, path, text, key=True, related=related)
        by_name[name] = component


def _taken_by(environment: Environment, first: Component | None) -> tuple[Related, ...]:
    if first is None:
        return ()
    place = environment.place(first.section, key=True)
    return (Related(place, f"{dotted(first.section)} has the name"),)


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
    """Each component's wave: the lowest above the waves of all components that it requires."""
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
    """The names of the components that must come before it, each once."""
    capabilities = requirements(component, providers)
    return list(dict.fromkeys(c.name for name in capabilities for c in providers[name]))


def _circle(environment: Environment, components: list[Component], names: list[str]) -> Finding:
    """The sorter lists a component before those that require it; messages list it after them."""
    sections = {component.name: component.section for component in components}
    start = min(names)
    circle = names[:0:-1]
    circle = circle[circle.index(start) :] + circle[: circle.index(start)]
    text = f"these need each other, so none can come first: {' -> '.join([*circle, start])}"
    return environment.finding(CIRCLE, sections[start], text, key=True)
