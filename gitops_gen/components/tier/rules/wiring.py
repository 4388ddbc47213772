"""The tiers that a tier calls. What it needs of a backing service, the service's rules say."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Rule

CALLS = Rule(
    "tier-calls",
    title="A tier calls other tiers that have a port",
    why="`calls` opens the way between two tiers in their network policies; a tier that is off, "
    "has no port or does not exist cannot be called.",
    remedy="Correct the name, switch that tier on or give it a port, or remove the call.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        for index, name in enumerate(tier.get("calls", default=[])):
            if problem := _call(tier, name):
                yield tier.finding(CALLS, ("calls", index), f"'{name}' {problem}")


def _call(tier: Tier, name: str) -> str | None:
    enabled = {one.name: one for one in tiers(tier.environment)}
    if name == tier.name:
        return "is the tier itself; remove it"
    if name in enabled:
        portless = enabled[name].get("port") is None
        return f"has no port; give tiers.{name} one, or remove the call" if portless else None
    if tier.environment.get("tiers", name) is not None:
        return "is switched off; switch it on, or remove the call"
    names = ", ".join(sorted(enabled.keys() - {tier.name}))
    return f"is no tier; the others are {names}" if names else "is no tier; remove the call"
