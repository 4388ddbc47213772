"""Environment -> its components, each in its wave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.components import Folder
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, dotted

# Files and Applications of ours under argocd/<env>/apps bear these names.
TAKEN = frozenset({"project", "root", "bootstrap"})


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
    providers = {name: c for c in components for name in c.provides}
    findings = [*_clashes(environment, components), *_missing(environment, components, providers)]
    if findings:
        raise InvalidInput(findings)
    waves = _Waves(environment, providers)
    planned = [Planned(component, waves.of(component)) for component in components]
    return tuple(sorted(planned, key=lambda item: (item.wave, item.component.name)))


def _instances(environment: Environment, folders: Iterable[Folder]) -> list[Component]:
    components: list[Component] = []
    for folder in folders:
        components += folder.module.instances(environment, tuple(components))
    return components


def requirements(component: Component, providers: dict[str, Component]) -> list[str]:
    """What it says it requires, and each namespace it needs, if a component makes that."""
    namespaces = {f"namespace:{namespace.name}" for namespace in component.namespaces}
    made = (name for name in namespaces if name in providers)
    needed = component.requires.union(made) - component.provides
    return sorted(needed)


def _clashes(environment: Environment, components: list[Component]) -> Iterator[Finding]:
    seen: dict[str, Component] = {}
    for component in components:
        name, other = component.name, seen.get(component.name)
        if other is not None or name in TAKEN:
            owner = dotted(other.section) if other else "the generator itself"
            text = f"the name '{name}' is taken by {owner}; choose another"
            yield environment.finding("name-clash", component.section, text, key=True)
        seen[name] = component


def _missing(
    environment: Environment, components: list[Component], providers: dict[str, Component]
) -> Iterator[Finding]:
    for component in components:
        for name in requirements(component, providers):
            if name not in providers:
                text = f"needs {name}, which nothing in this environment provides; enable it"
                yield environment.finding("requirement", component.section, text, key=True)


class _Waves:
    def __init__(self, environment: Environment, providers: dict[str, Component]) -> None:
        self._environment = environment
        self._providers = providers
        self._known: dict[str, int] = {}

    def of(self, component: Component, above: tuple[str, ...] = ()) -> int:
        name = component.name
        if name in above:
            circle = " -> ".join([*above[above.index(name) :], name])
            text = f"these need each other, so none can come first: {circle}"
            finding = self._environment.finding(
                "requirement-circle", component.section, text, key=True
            )
            raise InvalidInput([finding])
        if name not in self._known:
            needed = (self._providers[r] for r in requirements(component, self._providers))
            waves = [self.of(provider, (*above, name)) + 1 for provider in needed]
            self._known[name] = max([component.wave, *waves])
        return self._known[name]
