"""Capabilities that components require and nothing provides: a finding for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Finding, Path, Rule, dotted
from gitops_gen.render.plan.switched_off import would_provide

RULE = Rule(
    "requirement",
    title="Everything that a component requires is provided",
    why="Without it the component would wait for ever in the cluster, for instance for a CRD.",
    remedy="Enable the component that provides it, or disable the one that requires it.",
)

Unprovided: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability that nothing provides -> the components that need it."""


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
        first, *more = unprovided[name]
        also = f", as {_listed(item.name for item in more)} {_do(more)} too" if more else ""
        text = f"needs {name}{also}, which nothing in this environment can provide; switch it off"
        yield environment.finding(RULE, first.section, text, key=True)


def _switched_off(environment: Environment, section: Path, unprovided: Unprovided) -> Finding:
    """A finding where the user switched the section off or removed it or, if it is off by default,
    at a component that requires it."""
    components = {
        component.name: component for name in sorted(unprovided) for component in unprovided[name]
    }
    capabilities, dependents = _listed(sorted(unprovided)), _listed(sorted(components))
    need, them = ("needs", "this") if len(components) == 1 else ("need", "these")
    if section in environment.removed:
        text = f"null removes a chart of your own, but {dependents} {need} its {capabilities}"
        text += f"; remove this line, or switch {them} off"
        return environment.finding(RULE, section, text)
    switch = (*section, "enabled")
    if environment.sources[switch].default:
        first = components[min(components)]
        text = f"needs {capabilities}; write {dotted(switch)}: true, or switch {dependents} off"
        return environment.finding(RULE, first.section, text, key=True)
    text = f"false, but {dependents} {need} its {capabilities}; switch it on, or {them} off"
    return environment.finding(RULE, switch, text)


def _do(components: Sequence[Component]) -> str:
    return "does" if len(components) == 1 else "do"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
