"""Rules for a database outside the cluster, such as RDS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.inputs.files import is_shared_file
from gitops_gen.model import Environment, Finding, Path, Position, Related, Rule, Severity

# The schema rejects an IPv6 address, because a DNS name has no colons.
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_IN_CLUSTER_ONLY: tuple[Path, ...] = (
    *((NAME, key) for key in ("storage", "parameters", "resources", "image")),
    # Terraform generates no password for an external database.
    (NAME, "credentials", "passwordRevision"),
)

IN_CLUSTER_SETTINGS = Rule(
    "postgres-external-settings",
    title="Settings of the database in the cluster are not combined with an external database",
    why="Storage, parameters, resources, the image and the password revision have no effect on an "
    "external database. Settings in values/base.yaml or in a group are accepted if another file "
    "sets the external database, which the other environments may not read.",
    remedy="Remove the setting. If it is kept for a later move, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
HOST_IS_ADDRESS = Rule(
    "postgres-external-host",
    title="The host of an external database is a DNS name",
    why="In the cluster, an ExternalName Service refers to the database, which requires a DNS name "
    "and not an IP address.",
    remedy="Set the DNS name of the database.",
)
NO_CIDRS = Rule(
    "postgres-external-cidrs",
    title="The address ranges of an external database are known",
    why="The NetworkPolicies of the tiers contain the addresses that they may connect to.",
    remedy="Set `postgres.external.cidrs`, or `cluster.vpc.cidr` if the database is in the VPC.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and (database := Database(environment)).external:
        yield from _settings(environment)
        yield from _reach(database)


def _settings(environment: Environment) -> Iterator[Finding]:
    for path in _IN_CLUSTER_ONLY:
        host = environment.position((NAME, "external"), key=True)
        if environment.written(*path) and not _is_shared(environment.position(path), host):
            text = f"has no effect, because the database is external ({host}); remove it"
            related = (Related(host, "the external database"),)
            yield environment.finding(IN_CLUSTER_SETTINGS, path, text, key=True, related=related)


def _is_shared(setting: Position, host: Position) -> bool:
    """Whether other environments, whose database is in the cluster, may use the setting."""
    return is_shared_file(setting.file) and setting.file != host.file


def _reach(database: Database) -> Iterator[Finding]:
    environment = database.environment
    host = environment.get(NAME, "external", "host")
    if _ADDRESS.fullmatch(host):
        text = (
            f"'{host}' is an IP address, but an ExternalName Service requires a DNS name; write "
            "the DNS name of the database"
        )
        yield environment.finding(HOST_IS_ADDRESS, (NAME, "external", "host"), text)
    if not database.external_cidrs and (database.users or database.exported):
        text = "the address ranges of the database are unknown; set cidrs, or cluster.vpc.cidr"
        yield environment.finding(NO_CIDRS, (NAME, "external"), text, key=True)
