"""Names and paths: what a tier must not share with anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import catalogue
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.components.types import TAKEN
from gitops_gen.model import Environment, Finding

NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
HELM_WORDS = ("global", "tags", "computed", "enabled")


def paths(environment: Environment) -> Iterator[Finding]:
    owners: dict[str, Tier] = {}
    for tier in tiers(environment):
        path = tier.get("path")
        owner = owners.setdefault(path, tier)
        if path is None or owner is tier:
            continue
        yield tier.finding(
            "tier-path-clash",
            ("path",),
            f"'{path}' is also the path of tiers.{owner.name} ({owner.position('path')}); "
            "give each tier its own",
        )


def findings(tier: Tier) -> Iterator[Finding]:
    if not NAME.fullmatch(tier.name):
        yield tier.finding(
            "tier-name",
            (),
            "a tier's name is a DNS label: at most 40 lower-case letters, digits and hyphens, "
            "a letter first; rename it",
            key=True,
        )
    elif what := _taken(tier):
        message = f"'{tier.name}' is {what}; give the tier another name"
        yield tier.finding("tier-name-reserved", (), message, key=True)


def _taken(tier: Tier) -> str | None:
    enabled = (f for f in catalogue() if tier.environment.enabled(*f.section))
    components = {name for folder in enabled for name in folder.names}
    if tier.name in components or tier.name in _charts_of_the_user(tier.environment):
        return "the name of a component"
    if tier.name in TAKEN:
        return "the name of a file that stands beside the Applications"
    return "a word of Helm's" if tier.name in HELM_WORDS else None


def _charts_of_the_user(environment: Environment) -> set[str]:
    ours = {folder.section for folder in catalogue()} - environment.replaced
    return {name for name in environment.get("addons", default={}) if ("addons", name) not in ours}
