"""Findings about capabilities that components require and that no component provides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Finding, Path, Rule, dotted
from gitops_gen.render.plan.switched_off import would_provide

RULE = Rule(
    "requirement",
    title="The capabilities that a component requires are provided",
    why="Otherwise the component would wait without end in the cluster, for example for a CRD.",
    remedy="Enable the component that provides it, or disable the one that requires it.",
)

Unprovided: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability without a provider -> the components that require it."""


def requirement_findings(
    environment: Environment, folders: Sequence[Folder], unprovided: Unprovided
) -> Iterator[Finding]:
    if not unprovided:
        return
    providers = would_provide(environment, folders)
    for section in dict.fromkeys(providers[name] for name in sorted(unprovided.keys() & providers)):
        names = [name for name in unprovided if providers.get(name) == section]
        yield _switched_off(environment, section, {name: unprovided[name] for name in names})
    for name in sorted(unprovided.keys() - providers):
        components = unprovided[name]
        requires, them = _agreement(components)
        dependents = _listed(item.name for item in components)
        text = f"{dependents} {requires} {name}, which no component of this environment can provide"
        section = components[0].section
        yield environment.finding(RULE, section, f"{text}; disable {them}", key=True)


def _switched_off(environment: Environment, section: Path, unprovided: Unprovided) -> Finding:
    """The finding about a disabled section.

    Its position is where the user disabled or removed the section or, if the section is disabled
    by default, a component that requires it.
    """
    components = {
        component.name: component for name in sorted(unprovided) for component in unprovided[name]
    }
    capabilities, dependents = _listed(sorted(unprovided)), _listed(sorted(components))
    requires, them = _agreement(list(components.values()))
    if section in environment.removed:
        text = f"null removes this chart, but {dependents} {requires} {capabilities}"
        return environment.finding(RULE, section, f"{text}; remove this line, or disable {them}")
    switch = (*section, "enabled")
    if environment.sources[switch].default:
        first = components[min(components)]
        text = f"requires {capabilities}; set {dotted(switch)}: true, or disable {dependents}"
        return environment.finding(RULE, first.section, text, key=True)
    text = (
        f"is false, but {dependents} {requires} {capabilities}; set it to true, or disable {them}"
    )
    return environment.finding(RULE, switch, text)


def _agreement(components: Sequence[Component]) -> tuple[str, str]:
    """The verb and the object of a sentence about these components."""
    if len(components) == 1:
        return "requires", "this component"
    return "require", "these components"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
