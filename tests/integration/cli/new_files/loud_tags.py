"""A rule in one file: image tags must not be in capital letters."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import tiers
from gitops_gen.model import Environment, Finding, Rule, Severity

LOUD_TAG = Rule(
    "tier-loud-tag",
    title="A tier's image tag is not a shout",
    why="Tags are read aloud in meetings.",
    remedy="Choose a quiet tag, or excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        if str(tier.get("image", "tag")).isupper():
            yield tier.finding(LOUD_TAG, ("image", "tag"), "is a shout; lower it")
