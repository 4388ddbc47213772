"""Names and paths: what a tier must not share with anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import catalogue
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.components.types import TAKEN
from gitops_gen.model import Environment, Finding, Related, Rule

NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
HELM_WORDS = ("global", "tags", "computed", "enabled")

PATH_CLASH = Rule(
    "tier-path-clash",
    title="Each tier has a path of its own",
    why="The load balancer sends the requests for one path to one tier; the other would get none.",
    remedy="Give each tier another `path`.",
)
TIER_NAME = Rule(
    "tier-name",
    title="A tier's name can name Kubernetes objects",
    why="Services, Deployments and labels bear the tier's name, with suffixes that must fit too.",
    remedy="Use at most 40 lower-case letters, digits and hyphens, with a letter first.",
)
TIER_NAME_RESERVED = Rule(
    "tier-name-reserved",
    title="A tier does not have the name of something else",
    why="Applications, charts and values of an environment are identified by these names, so two "
    "of them with one name would overwrite each other.",
    remedy="Give the tier another name.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    yield from _paths(environment)
    for tier in tiers(environment):
        yield from _name(tier)


def _paths(environment: Environment) -> Iterator[Finding]:
    owners: dict[str, Tier] = {}
    for tier in tiers(environment):
        path = tier.get("path")
        owner = owners.setdefault(path, tier)
        if path is None or owner is tier:
            continue
        place = owner.position("path")
        yield tier.finding(
            PATH_CLASH,
            ("path",),
            f"'{path}' is also the path of tiers.{owner.name} ({place}); give each tier its own",
            related=(Related(place, f"the path of tiers.{owner.name}"),),
        )


def _name(tier: Tier) -> Iterator[Finding]:
    if not NAME.fullmatch(tier.name):
        yield tier.finding(
            TIER_NAME,
            (),
            "a tier's name is a DNS label: at most 40 lower-case letters, digits and hyphens, "
            "a letter first; rename it",
            key=True,
        )
    elif reserved_for := _taken(tier):
        message = f"'{tier.name}' is {reserved_for}; give the tier another name"
        yield tier.finding(TIER_NAME_RESERVED, (), message, key=True)


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
