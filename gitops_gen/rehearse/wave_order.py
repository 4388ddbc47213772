"""Checks that each component was synced only after the components it requires were Healthy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.rehearse.result import OrderViolation
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.timeline import SyncTimes


def order_violations(
    times: Mapping[str, SyncTimes], facts: RevisionFacts, left_out: frozenset[str]
) -> tuple[OrderViolation, ...]:
    return tuple(
        OrderViolation(component.name, capability, provider, message, component.position)
        for component, capability, provider in _dependencies(facts)
        if not {provider, component.name} & left_out
        and (message := _too_early(times, component.name, provider))
    )


def _dependencies(facts: RevisionFacts) -> Iterator[tuple[ComponentFacts, str, str]]:
    """Yields (component, required capability, name of the component that provides it)."""
    for component in facts.components:
        for capability in sorted(component.requires - component.provides):
            for provider in facts.components:
                if capability in provider.provides and provider is not component:
                    yield component, capability, provider.name


def _too_early(times: Mapping[str, SyncTimes], component: str, provider: str) -> str:
    began = times.get(component, SyncTimes()).began
    healthy = times.get(provider, SyncTimes()).healthy
    if began is None:
        return ""
    if healthy is None:
        return f"the sync began at {began:.1f} s, but {provider} never became Healthy"
    if began < healthy:
        return f"the sync began at {began:.1f} s, but {provider} became Healthy at {healthy:.1f} s"
    return ""
