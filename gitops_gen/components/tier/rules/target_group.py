"""The rule for the attributes of a tier's target group."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.load_balancer_attributes import TARGET_GROUP, unknown, value_problem
from gitops_gen.components.tier.computed import DEREGISTRATION
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Rule

KEY = "targetGroupAttributes"
ATTRIBUTE = Rule(
    "tier-target-group-attribute",
    title="The attributes of a target group exist and have values that AWS accepts",
    why="The controller cannot configure the target group if AWS refuses one attribute, and a "
    "tier without a path has no target group.",
    remedy="Correct the name or the value, or remove the attribute. `drainSeconds` sets the "
    "deregistration delay.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        attributes = tier.get(KEY, default={})
        if attributes and tier.get("path") is None:
            message = "has no effect, because a tier without a path has no target group; remove it"
            yield tier.finding(ATTRIBUTE, (KEY,), message, key=True)
        for name, text in attributes.items():
            yield from _attribute(tier, name, text)


def _attribute(tier: Tier, name: str, text: str) -> Iterator[Finding]:
    if name == DEREGISTRATION:
        message = "has a key of its own; set drainSeconds, and remove it here"
        yield tier.finding(ATTRIBUTE, (KEY, name), message, key=True)
    elif name not in TARGET_GROUP:
        message = unknown(name, TARGET_GROUP, "a target group of an ALB")
        yield tier.finding(ATTRIBUTE, (KEY, name), message, key=True)
    elif problem := value_problem(name, text, TARGET_GROUP[name]):
        yield tier.finding(ATTRIBUTE, (KEY, name), problem)
