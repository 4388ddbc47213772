"""The rule for the attributes of a tier's target group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.components.load_balancer_attributes import (
    LOAD_BALANCER,
    TARGET_GROUP,
    unknown,
    value_problem,
)
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
        for name in attributes:
            yield from _attribute(tier, name, attributes)


def _attribute(tier: Tier, name: str, attributes: Mapping[str, str]) -> Iterator[Finding]:
    if name == DEREGISTRATION:
        message = "has a key of its own; set drainSeconds, and remove it here"
        yield tier.finding(ATTRIBUTE, (KEY, name), message, key=True)
    elif name not in TARGET_GROUP:
        yield tier.finding(ATTRIBUTE, (KEY, name), _unknown(name), key=True)
    elif problem := value_problem(name, attributes, TARGET_GROUP[name]):
        yield tier.finding(ATTRIBUTE, (KEY, name), problem)


def _unknown(name: str) -> str:
    if name in LOAD_BALANCER:
        return "is an attribute of the load balancer; move it to ingress.attributes"
    return unknown(name, TARGET_GROUP, "a target group of an ALB")
