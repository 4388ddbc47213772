"""A database outside the cluster, such as RDS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.model import Environment, Finding, Path, Related, Rule, Severity

# An IPv6 address has colons, which no DNS name has: the schema refuses it.
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_IN_CLUSTER_ONLY: tuple[Path, ...] = (
    *((NAME, key) for key in ("storage", "parameters", "resources", "image")),
    # Terraform makes no password for a database that exists already.
    (NAME, "credentials", "passwordRevision"),
)

IN_CLUSTER_SETTINGS = Rule(
    "postgres-external-settings",
    title="Settings of the database in the cluster are not written beside an external one",
    why="Storage, parameters, resources, the image and the password's revision have no effect on "
    "a database that exists elsewhere.",
    remedy="Remove the setting. If it is kept for a later move, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
HOST_IS_ADDRESS = Rule(
    "postgres-external-host",
    title="An external database is given by its DNS name",
    why="The Service that stands for it in the cluster is an alias of a DNS name and cannot "
    "stand for an address.",
    remedy="Give the DNS name of the database.",
)
NO_CIDRS = Rule(
    "postgres-external-cidrs",
    title="The address ranges of an external database are known",
    why="The network policies of the tiers name the addresses that they may reach.",
    remedy="Give `postgres.external.cidrs`, or `cluster.vpc.privateSubnetCidrs` if the database "
    "is in these subnets.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and (database := Database(environment)).external:
        yield from _settings(environment)
        yield from _reach(database)


def _settings(environment: Environment) -> Iterator[Finding]:
    for path in _IN_CLUSTER_ONLY:
        if environment.written(*path):
            host = environment.position((NAME, "external"), key=True)
            text = f"has no effect, since the database is external ({host}); remove it"
            related = (Related(host, "the external database"),)
            yield environment.finding(IN_CLUSTER_SETTINGS, path, text, key=True, related=related)


def _reach(database: Database) -> Iterator[Finding]:
    environment = database.environment
    host = environment.get(NAME, "external", "host")
    if _ADDRESS.fullmatch(host):
        text = f"'{host}' is an address, and a Service can only stand for a DNS name; give that"
        yield environment.finding(HOST_IS_ADDRESS, (NAME, "external", "host"), text)
    if not database.external_cidrs and (database.users or database.exported):
        text = "where its addresses are is not known; give cidrs, or cluster.vpc.privateSubnetCidrs"
        yield environment.finding(NO_CIDRS, (NAME, "external"), text, key=True)
