"""Names and paths: what a tier must not share with anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

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
    folders = Path(__file__).resolve().parents[2].glob("*/component.py")
    components = {folder.parent.name.replace("_", "-") for folder in folders}
    components |= {"external-secrets-store", *tier.environment.get("addons", default={})}
    if tier.name in components:
        return "the name of a component"
    if tier.name in TAKEN:
        return "the name of a file that stands beside the Applications"
    return "a word of Helm's" if tier.name in HELM_WORDS else None
