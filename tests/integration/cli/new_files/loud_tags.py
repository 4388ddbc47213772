"""A rule in one file: image tags must not be in capital letters."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import tiers
from gitops_gen.model import Environment, Finding, Rule, Severity

LOUD_TAG = Rule(
    "tier-loud-tag",
    title="The tag of a tier's image is not in capital letters",
    why="Tags in lower case are easier to read.",
    remedy="Use a tag in lower case, or excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        if str(tier.get("image", "tag")).isupper():
            yield tier.finding(LOUD_TAG, ("image", "tag"), "is in capital letters; use lower case")
