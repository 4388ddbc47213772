"""Tiers that ask for a database that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.backing import consumers
from gitops_gen.components.postgres.facts import KEY, NAME
from gitops_gen.model import Environment, Finding, Rule

DATABASE = Rule(
    "tier-database",
    title="A tier's database exists",
    why="The tier would get an address and a password of a database that is not there.",
    remedy="Name a database of this environment and switch it on, or remove `database`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in consumers(environment, KEY):
        if problem := _missing(environment, tier.values[KEY]):
            yield environment.finding(DATABASE, ("tiers", tier.name, KEY), problem)


def _missing(environment: Environment, name: str) -> str | None:
    if name != NAME:
        return f"there is no database '{name}'; write {NAME}"
    if not environment.enabled(NAME):
        written = environment.position((NAME, "enabled"))
        return f"'{NAME}' is switched off ({written}); switch it on, or remove this"
    return None
