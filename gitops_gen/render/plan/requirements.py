"""What components need and nothing provides: a finding for each cause, where the user wrote it."""

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

Needs: TypeAlias = Mapping[str, Sequence[Component]]
"""Capability -> the components that need it."""


def unmet(environment: Environment, folders: Sequence[Folder], needs: Needs) -> Iterator[Finding]:
    if not needs:
        return
    providers = would_provide(environment, folders)
    for section in dict.fromkeys(providers[name] for name in sorted(needs.keys() & providers)):
        yield _asleep(
            environment,
            section,
            {name: needs[name] for name in needs if providers.get(name) == section},
        )
    for name in sorted(needs.keys() - providers):
        first, *others = needs[name]
        also = f", as {_listed(other.name for other in others)} {_do(others)} too" if others else ""
        text = f"needs {name}{also}, which nothing in this environment can provide; switch it off"
        yield environment.finding(RULE, first.section, text, key=True)


def _asleep(environment: Environment, section: Path, needs: Needs) -> Finding:
    """A section that is off, at the user's own word or, where that is the default, who needs it."""
    names = {component.name: component for name in sorted(needs) for component in needs[name]}
    what, those = _listed(sorted(needs)), _listed(sorted(names))
    switch = (*section, "enabled")
    if environment.sources[switch].default:
        who = names[min(names)]
        text = f"needs {what}; write {dotted(switch)}: true, or switch {those} off"
        return environment.finding(RULE, who.section, text, key=True)
    need, rest = ("needs", "this") if len(names) == 1 else ("need", "these")
    text = f"false, but {those} {need} its {what}; switch it on, or {rest} off"
    return environment.finding(RULE, switch, text)


def _do(others: Sequence[Component]) -> str:
    return "does" if len(others) == 1 else "do"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
