"""The rule for the connections that the Pods of the tiers need."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.backing import Consumer, consumers
from gitops_gen.components.postgres.facts import KEY, NAME, Database
from gitops_gen.components.postgres.rules.parameters import amount
from gitops_gen.model import Environment, Finding, Rule, Severity

CONNECTIONS = Rule(
    "postgres-connections",
    title="Each Pod that uses the database can open a connection",
    why="Postgres refuses connections beyond max_connections. During a rolling update and at the "
    "highest number of replicas, some Pods would not get a single connection.",
    remedy="Increase `postgres.parameters.max_connections`, or decrease the replicas. Most Pods "
    "open a pool of connections and need more than one. If a pooler is between the tiers and the "
    "database, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    if not environment.enabled(NAME) or (database := Database(environment)).external:
        return
    pods = sum(_pods(tier) for tier in consumers(environment, KEY)) + database.exported
    reserved = ("superuser_reserved_connections", "reserved_connections")
    most = amount(database, "max_connections", 100)
    available = most - amount(database, reserved[0], 3) - amount(database, reserved[1], 0)
    if 0 < available < pods:
        text = (
            f"{most:g} connections leave {available:g} for {pods} Pods that use the database; "
            "increase it, or decrease the replicas of the tiers"
        )
        path = (NAME, "parameters", "max_connections")
        yield environment.finding(CONNECTIONS, path, text)


def _pods(tier: Consumer) -> int:
    """Returns the number of Pods at the same time: a rolling update adds a quarter."""
    if tier.values.get("schedule") is not None:
        return 1
    scaled = tier.values.get("autoscaling") or {}
    replicas = int(scaled.get("maxReplicas") or tier.values.get("replicas") or 0)
    return replicas + -(-replicas // 4)
