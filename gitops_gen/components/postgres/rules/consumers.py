"""Rules for tiers that use the database."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.backing import consumers
from gitops_gen.components.postgres.facts import KEY, NAME
from gitops_gen.model import Environment, Finding, Rule

DATABASE = Rule(
    "tier-database",
    title="A tier's database exists",
    why="The tier would get the address and the password of a database that does not exist.",
    remedy="Set a database of this environment and enable it, or remove `database`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in consumers(environment, KEY):
        if problem := _missing(environment, tier.values[KEY]):
            yield environment.finding(DATABASE, ("tiers", tier.name, KEY), problem)


def _missing(environment: Environment, name: str) -> str | None:
    if name != NAME:
        return f"unknown database '{name}'; the only database is {NAME}"
    if not environment.enabled(NAME):
        written = environment.position((NAME, "enabled"))
        return f"'{NAME}' is disabled ({written}); enable it, or remove this key"
    return None
