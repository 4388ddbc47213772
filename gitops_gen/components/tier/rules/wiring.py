"""Rules for the tiers that a tier calls."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Rule

CALLS = Rule(
    "tier-calls",
    title="A tier calls other tiers that have a port",
    why="`calls` allows the traffic between two tiers in their NetworkPolicies. A tier that is "
    "disabled, has no port or does not exist cannot be called.",
    remedy="Correct the name, enable that tier or give it a port, or remove the call.",
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
        return f"has no port; set tiers.{name}.port, or remove the call" if portless else None
    if tier.environment.get("tiers", name) is not None:
        return "is disabled; enable it, or remove the call"
    names = sorted(enabled.keys() - {tier.name})
    if not names:
        return "is not a tier; remove the call"
    return f"is not a tier; the other tiers are {', '.join(names)}{did_you_mean(name, names)}"
