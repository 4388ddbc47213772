"""Names, paths and namespaces: what a tier must not share with anything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.components.types import Component, Subchart
from gitops_gen.model import Environment, Finding, dotted
from gitops_gen.model import Path as ValuePath

NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
HELM_WORDS = ("global", "tags", "computed", "enabled")
FILES = ("bootstrap", "root", "project")
"""What stands beside the Applications under argocd/<env>/."""


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
    if tier.name in FILES:
        return "the name of a file that stands beside the Applications"
    return "a word of Helm's" if tier.name in HELM_WORDS else None


def shared_namespaces(environment: Environment, planned: Iterable[Component]) -> Iterator[Finding]:
    """A tier's namespace denies what no policy names: a chart that brings none would go dark."""
    inside: dict[str, list[Tier]] = {}
    for tier in tiers(environment):
        inside.setdefault(tier.namespace, []).append(tier)
    told: set[str] = set()
    charts = (component for component in planned if not isinstance(component.source, Subchart))
    for component in charts:
        for namespace in sorted({component.namespace, *component.touches} & inside.keys()):
            at = _written_by_user(environment, component, namespace)
            if at is not None:
                yield _chart_among(environment, at, inside[namespace])
            elif namespace not in told:
                told.add(namespace)
                yield from _tiers_beside(component, inside[namespace])


def _written_by_user(
    environment: Environment, component: Component, namespace: str
) -> ValuePath | None:
    """Where the user himself put the chart there; an add-on of ours is where it is."""
    listed = (*component.section, "namespaces")
    items = enumerate(environment.get(*map(str, listed), default=[]))
    places = [(*listed, index) for index, name in items if name == namespace]
    if component.namespace == namespace:
        places.insert(0, (*component.section, "namespace"))
    return next((at for at in places if at in environment.sources), None)


def _chart_among(environment: Environment, at: ValuePath, inside: list[Tier]) -> Finding:
    names = ", ".join(tier.name for tier in inside)
    message = (
        f"'{inside[0].namespace}' is the namespace of tiers ({names}), whose isolation would cut "
        "the chart off; give it a namespace of its own"
    )
    return environment.finding("tier-namespace", at, message)


def _tiers_beside(component: Component, inside: list[Tier]) -> Iterator[Finding]:
    for tier in inside:
        message = (
            f"'{tier.namespace}' is used by {dotted(component.section)} too, which the tier's "
            "isolation would cut off; give the application a namespace of its own"
        )
        yield tier.finding("tier-namespace", ("namespace",), message)
