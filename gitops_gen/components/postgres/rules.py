"""What the schema of `postgres` cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import priorities
from gitops_gen.components.backing import consumers
from gitops_gen.components.postgres.configuration import OWNED
from gitops_gen.components.postgres.facts import KEY, NAME, Database
from gitops_gen.components.quantities import limits_below_requests
from gitops_gen.model import Environment, Finding, Path, Severity

PROVIDED_CLASSES = frozenset({"gp2", "gp3"})
# An IPv6 address has colons, which no DNS name has: the schema refuses it.
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
TEMPLATES = frozenset({"template0", "template1"})
_IN_CLUSTER_ONLY: tuple[Path, ...] = (
    *((NAME, key) for key in ("storage", "parameters", "resources", "image")),
    # Terraform makes no password for a database that exists already.
    (NAME, "credentials", "passwordRevision"),
)


def findings(environment: Environment) -> Iterator[Finding]:
    yield from _consumers(environment)
    if not environment.enabled(NAME):
        return
    database = Database(environment)
    yield from _credentials(database)
    if database.external:
        yield from _external(database)
    else:
        yield from _in_cluster(database)
    if database.exported:
        yield from _image(database, "metrics", "image")
        yield from _resources(environment, (NAME, "metrics", "resources"))


def _consumers(environment: Environment) -> Iterator[Finding]:
    """Tiers that ask for a database that is not there."""
    for tier in consumers(environment, KEY):
        if problem := _missing(environment, tier.values[KEY]):
            yield environment.finding("tier-database", ("tiers", tier.name, KEY), problem)


def _missing(environment: Environment, name: str) -> str | None:
    if name != NAME:
        return f"there is no database '{name}'; write {NAME}"
    if not environment.enabled(NAME):
        written = environment.position((NAME, "enabled"))
        return f"'{NAME}' is switched off ({written}); switch it on, or remove this"
    return None


def _credentials(database: Database) -> Iterator[Finding]:
    environment, path = database.environment, (NAME, "credentials")
    credentials = database.section["credentials"]
    if not credentials.keys() & {"existingSecret", "externalSecret"}:
        text = "names no Secret; give existingSecret or externalSecret"
        yield environment.finding("postgres-credentials", path, text)
    if "externalSecret" not in credentials:
        return
    if "existingSecret" in credentials and _written(environment, (*path, "existingSecret")):
        other = environment.position((*path, "externalSecret"), key=True)
        text = f"is given together with externalSecret ({other}); keep one of the two"
        yield environment.finding("postgres-credentials", (*path, "existingSecret"), text, key=True)
    yield from _out_of_reach(database)
    if not environment.enabled("addons", "external-secrets"):
        text = "needs the add-on that copies it; write addons.external-secrets.enabled: true"
        yield environment.finding(
            "postgres-external-secrets-off", (*path, "externalSecret"), text, key=True
        )


def _out_of_reach(database: Database) -> Iterator[Finding]:
    """The operator's role, as terraform/modules/addons makes it, reads `<cluster>/*`."""
    environment, path = database.environment, (NAME, "credentials", "externalSecret", "key")
    key, cluster = environment.get(*path), environment.get("cluster", "name")
    if not key.startswith(("arn:", f"{cluster}/")):
        text = (
            f"'{key}' is not below '{cluster}/', which is all that the role of terraform/ may "
            "read; name it so, or give the operator a role of your own"
        )
        yield environment.finding("postgres-external-key", path, text, severity=Severity.WARNING)


def _external(database: Database) -> Iterator[Finding]:
    environment = database.environment
    for path in _IN_CLUSTER_ONLY:
        if _written(environment, path):
            host = environment.position((NAME, "external"), key=True)
            text = f"has no effect, since the database is external ({host}); remove it"
            yield environment.finding(
                "postgres-external-settings", path, text, key=True, severity=Severity.WARNING
            )
    host = environment.get(NAME, "external", "host")
    if _ADDRESS.fullmatch(host):
        text = f"'{host}' is an address, and a Service can only stand for a DNS name; give that"
        yield environment.finding("postgres-external-host", (NAME, "external", "host"), text)
    if not database.external_cidrs and (database.users or database.exported):
        text = "where its addresses are is not known; give cidrs, or cluster.vpc.privateSubnetCidrs"
        yield environment.finding("postgres-external-cidrs", (NAME, "external"), text, key=True)


def _in_cluster(database: Database) -> Iterator[Finding]:
    environment = database.environment
    if "storage" not in database.section:
        text = "is missing; give size and class, or an external host"
        yield environment.finding("postgres-storage", (NAME, "storage"), text)
    else:
        yield from _storage_class(database)
    yield from _names(database)
    yield from _image(database, "image")
    yield from _alpine(database)
    yield from _resources(environment, (NAME, "resources"))
    yield from _parameters(database)
    yield from _priority(database)


def _storage_class(database: Database) -> Iterator[Finding]:
    environment = database.environment
    name = database.section["storage"]["class"]
    declared = environment.get("platform", "storageClasses", default={})
    if name not in PROVIDED_CLASSES and name not in declared:
        text = (
            f"StorageClass '{name}' is not one of platform.storageClasses; if the cluster does "
            "not have it either, the volume stays pending"
        )
        yield environment.finding(
            "postgres-storage-class", (NAME, "storage", "class"), text, severity=Severity.WARNING
        )


def _names(database: Database) -> Iterator[Finding]:
    environment, section = database.environment, database.section
    user, name = section["user"], section["database"]
    if user == "postgres" or user.startswith("pg_"):
        text = f"'{user}' is Postgres' own; give the tiers a role of theirs, for instance app"
        yield environment.finding("postgres-reserved-name", (NAME, "user"), text)
    if name == "postgres" or name in TEMPLATES:
        text = f"'{name}' is Postgres' own; give the tiers a database of theirs, for instance app"
        yield environment.finding("postgres-reserved-name", (NAME, "database"), text)


def _image(database: Database, *path: str) -> Iterator[Finding]:
    environment = database.environment
    tag = environment.get(NAME, *path, "tag")
    if environment.get(NAME, *path, "digest") is not None:
        return
    if tag is None:
        text = "has neither tag nor digest, which would mean 'latest'; give one"
        yield environment.finding("postgres-image", (NAME, *path), text)
    elif tag == "latest":
        text = "'latest' is another image tomorrow; give a version, or a digest"
        yield environment.finding("postgres-image", (NAME, *path, "tag"), text)


def _alpine(database: Database) -> Iterator[Finding]:
    if "alpine" in database.section["image"].get("tag", ""):
        tag = database.section["image"]["tag"]
        text = (
            f"'{tag}' cannot run under a user id of its own; take the Debian image, 17.10-bookworm"
        )
        path = (NAME, "image", "tag")
        yield database.environment.finding("postgres-image-alpine", path, text)


def _resources(environment: Environment, path: Path) -> Iterator[Finding]:
    return limits_below_requests(environment, path, "postgres-limits")


def _parameters(database: Database) -> Iterator[Finding]:
    for name in sorted(OWNED & database.section.get("parameters", {}).keys()):
        text = "is set by gitops-gen, whose probes and Services rely on it; remove it"
        path = (NAME, "parameters", name)
        yield database.environment.finding("postgres-parameter-owned", path, text, key=True)


def _priority(database: Database) -> Iterator[Finding]:
    environment, path = database.environment, (NAME, "priorityClassName")
    if text := priorities.undeclared(environment, database.section.get("priorityClassName")):
        yield environment.finding("postgres-priority-class", path, text, severity=Severity.WARNING)


def _written(environment: Environment, path: Path) -> bool:
    """Whether a file of the user's has it; what the package lays under does not count."""
    return any(
        not mark.default and at[: len(path)] == path for at, mark in environment.sources.items()
    )
