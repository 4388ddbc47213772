"""A cache for the tiers: what the smallest component of one's own looks like."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gitops_gen.components.types import Component, Namespace, Subchart
from gitops_gen.model import Environment

SECTION = ("acme-cache",)
HERE = Path(__file__).parent


def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterable[Component]:
    if not environment.enabled(*SECTION):
        return
    section = environment.get(*SECTION)
    yield Component(
        name="acme-cache",
        namespace=section["namespace"],
        wave=12,
        source=Subchart(str(HERE), {**section, "computed": {"name": "acme-cache"}}),
        section=SECTION,
        provides=frozenset({"cache:acme-cache"}),
        namespaces=(Namespace(section["namespace"], isolated=True),),
    )
