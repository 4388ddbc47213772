"""Environment -> its components, each in its wave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Path, dotted

# Files and Applications of ours under argocd/<env>/apps bear these names.
TAKEN = frozenset({"project", "root", "bootstrap"})
# An environment's AppProject bears its name; these are another's.
TAKEN_PROJECTS = frozenset({"bootstrap", "default"})


Providers: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability -> those who provide it; whoever requires it waits for all of them."""


@dataclass(frozen=True, slots=True)
class Planned:
    component: Component
    wave: int


def plan(environment: Environment, folders: Iterable[Folder]) -> tuple[Planned, ...]:
    """The components in the order of their waves, then by name.

    Raises InvalidInput for a name that two components have, a capability that nothing
    provides, and requirements in a circle.
    """
    components = _instances(environment, folders)
    providers = _providers(components)
    findings = [*_clashes(environment, components), *_missing(environment, components, providers)]
    if findings:
        raise InvalidInput(findings)
    waves = _waves(environment, components, providers)
    planned = [Planned(component, waves[component.name]) for component in components]
    return tuple(sorted(planned, key=lambda item: (item.wave, item.component.name)))


def switched_off(environment: Environment, folders: Sequence[Folder]) -> tuple[Component, ...]:
    """What the sections with the user's own `enabled: false` would give.

    Their objects may still be in the cluster, and Argo CD removes only what the AppProject
    admits. What the package's defaults have off was never on.
    """
    awake = environment
    for section in _user_switched_off(environment, folders):
        awake = _with_enabled(awake, section)
    if awake is environment:
        return ()
    found: list[Component] = []
    for folder in folders:
        try:
            found += folder.module.instances(awake, tuple(found))
        except InvalidInput:
            # It could not be switched on as it stands, so nothing of it need be removed.
            continue
    here = {component.name for component in _instances(environment, folders)}
    return tuple(component for component in found if component.name not in here)


def _user_switched_off(environment: Environment, folders: Sequence[Folder]) -> Iterator[Path]:
    for path, mark in environment.sources.items():
        section = path[:-1]
        if not path or path[-1] != "enabled" or mark.default:
            continue
        off = environment.get(*map(str, path)) is False
        if off and any(_fits(section, folder.section) for folder in folders):
            yield section


def _fits(section: Path, pattern: tuple[str, ...]) -> bool:
    same = len(section) == len(pattern)
    return same and all(p in ("*", key) for key, p in zip(section, pattern, strict=True))


def _with_enabled(environment: Environment, section: Path) -> Environment:
    values = dict(environment.values)
    at = values
    for key in map(str, section):
        at[key] = dict(at[key])
        at = at[key]
    at["enabled"] = True
    return replace(environment, values=values)


def _instances(environment: Environment, folders: Iterable[Folder]) -> list[Component]:
    components: list[Component] = []
    for folder in folders:
        components += folder.module.instances(environment, tuple(components))
    return components


def _providers(components: Iterable[Component]) -> Providers:
    providers: dict[str, list[Component]] = {}
    for component in components:
        for name in component.provides:
            providers.setdefault(name, []).append(component)
    return providers


def requirements(component: Component, providers: Providers) -> list[str]:
    """What it says it requires, and each namespace it needs, if a component makes that."""
    namespaces = {f"namespace:{namespace.name}" for namespace in component.namespaces}
    made = (name for name in namespaces if name in providers)
    needed = component.requires.union(made) - component.provides
    return sorted(needed)


def _clashes(environment: Environment, components: list[Component]) -> Iterator[Finding]:
    if environment.name in TAKEN_PROJECTS:
        text = f"Argo CD has a project '{environment.name}' already; rename the environment"
        yield environment.finding("name-clash", (), text)
    seen: dict[str, Component] = {}
    for component in components:
        name, other = component.name, seen.get(component.name)
        if other is not None or name in TAKEN:
            owner = dotted(other.section) if other else "the generator itself"
            text = f"the name '{name}' is taken by {owner}; choose another"
            yield environment.finding("name-clash", component.section, text, key=True)
        seen[name] = component


def _missing(
    environment: Environment, components: list[Component], providers: Providers
) -> Iterator[Finding]:
    for component in components:
        for name in requirements(component, providers):
            if name not in providers:
                text = f"needs {name}, which nothing in this environment provides; enable it"
                yield environment.finding("requirement", component.section, text, key=True)


def _waves(
    environment: Environment, components: list[Component], providers: Providers
) -> dict[str, int]:
    """Each component's wave: the lowest that is above those of all that it requires."""
    below = {c.name: _below(c, providers) for c in components}
    minimum = {c.name: c.wave for c in components}
    waves: dict[str, int] = {}
    try:
        for name in TopologicalSorter(below).static_order():
            waves[name] = max([minimum[name], *(waves[other] + 1 for other in below[name])])
    except CycleError as error:
        raise InvalidInput([_circle(environment, components, error.args[1])]) from error
    return waves


def _below(component: Component, providers: Providers) -> list[str]:
    """Who must come before it, each once."""
    needed = requirements(component, providers)
    return list(dict.fromkeys(c.name for name in needed for c in providers[name]))


def _circle(environment: Environment, components: list[Component], names: list[str]) -> Finding:
    """The sorter names each before those that need it; a reader wants it the other way."""
    sections = {component.name: component.section for component in components}
    start = min(names)
    turned = names[:0:-1]
    turned = turned[turned.index(start) :] + turned[: turned.index(start)]
    text = f"these need each other, so none can come first: {' -> '.join([*turned, start])}"
    return environment.finding("requirement-circle", sections[start], text, key=True)
