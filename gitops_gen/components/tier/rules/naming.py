"""Rules for the names and paths of tiers, which must be unique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import catalogue
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.components.types import RESERVED_NAMES
from gitops_gen.model import Environment, Finding, Related, Rule, Values

NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
HELM_RESERVED_KEYS = ("global", "tags", "computed", "enabled")

PATH_CLASH = Rule(
    "tier-path-clash",
    title="Each tier has its own path",
    why="The load balancer sends the requests for a path to one tier, so the other would get none.",
    remedy="Give each tier another `path`.",
)
TIER_NAME = Rule(
    "tier-name",
    title="A tier's name is valid in names of Kubernetes objects",
    why="Services, Deployments and labels have the tier's name, partly with suffixes.",
    remedy="Use at most 40 lower-case letters, digits and hyphens, beginning with a letter.",
)
TIER_NAME_RESERVED = Rule(
    "tier-name-reserved",
    title="A tier does not have a reserved name",
    why="Applications, charts and values of an environment are identified by these names, so two "
    "with the same name would overwrite each other.",
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
            f"'{path}' is also the path of tiers.{owner.name} ({place}); "
            "use a different path for each tier",
            related=(Related(place, f"the path of tiers.{owner.name}"),),
        )


def _name(tier: Tier) -> Iterator[Finding]:
    if not NAME.fullmatch(tier.name):
        yield tier.finding(
            TIER_NAME,
            (),
            "a tier's name must be a DNS label: at most 40 lower-case letters, digits and hyphens, "
            "beginning with a letter; rename the tier",
            key=True,
        )
    elif reserved_for := _reserved_for(tier):
        message = f"'{tier.name}' is {reserved_for}; rename the tier"
        yield tier.finding(TIER_NAME_RESERVED, (), message, key=True)


def _reserved_for(tier: Tier) -> str | None:
    enabled = (f for f in catalogue() if tier.environment.enabled(*f.section))
    components = {name for folder in enabled for name in folder.names}
    if tier.name in components or tier.name in _user_charts(tier.environment):
        return "the name of a component"
    if tier.name in RESERVED_NAMES:
        return "the name of another file in argocd/<env>/"
    return "a reserved key in Helm values" if tier.name in HELM_RESERVED_KEYS else None


def _user_charts(environment: Environment) -> set[str]:
    built_in = {folder.section for folder in catalogue()} - environment.replaced
    names: Values = environment.get("addons", default={})
    return {name for name in names if ("addons", name) not in built_in}
