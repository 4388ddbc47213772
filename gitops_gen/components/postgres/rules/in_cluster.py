"""The database in the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import priorities
from gitops_gen.components.postgres.configuration import OWNED
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.components.quantities import limits_below_requests
from gitops_gen.model import Environment, Finding, Rule, Severity

PROVIDED_CLASSES = frozenset({"gp2"})
TEMPLATES = frozenset({"template0", "template1"})

NO_STORAGE = Rule(
    "postgres-storage",
    title="The database in the cluster has a volume",
    why="Without a size and a class there is no volume to keep the data on.",
    remedy="Give `postgres.storage.size` and `postgres.storage.class`, or an external host.",
)
STORAGE_CLASS = Rule(
    "postgres-storage-class",
    title="The StorageClass of the database's volume is known",
    why="A volume of a class that the cluster does not have stays pending, and the database never "
    "starts.",
    remedy="Use gp2 or a class of `platform.storageClasses`. If something else makes the "
    "class, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
RESERVED_NAME = Rule(
    "postgres-reserved-name",
    title="The application's role and database are not those of Postgres itself",
    why="The role postgres is the superuser, roles that begin with pg_ cannot be made, and the "
    "databases postgres, template0 and template1 exist already.",
    remedy="Give the tiers a role and a database of their own, for instance `app`.",
)
IMAGE = Rule(
    "postgres-image",
    title="The images of the database and its exporter have a version, or a digest",
    why="Without one, or with `latest`, the Pod could run another version after each restart.",
    remedy="Give the tag of a version, or a digest.",
)
ALPINE = Rule(
    "postgres-image-alpine",
    title="The database's image is based on Debian",
    why="The Alpine image cannot run under the user id that the Pod has.",
    remedy="Take the Debian image of the same version, for instance 17.10-bookworm.",
)
LIMITS = Rule(
    "postgres-limits",
    title="Limits of the database and its exporter are not below their requests",
    why="The API server refuses a container whose limit is below its request.",
    remedy="Raise the limit, or lower the request.",
)
PARAMETER_OWNED = Rule(
    "postgres-parameter-owned",
    title="Parameters that gitops-gen sets itself are not changed",
    why="The StatefulSet, its probes and its Services rely on these parameters.",
    remedy="Remove the parameter from `postgres.parameters`.",
)
PRIORITY_CLASS = Rule(
    "postgres-priority-class",
    title="The database's PriorityClass is one of the platform's",
    why="The API server refuses Pods whose PriorityClass does not exist in the cluster.",
    remedy="Add the class to `platform.priorityClasses`. If something else makes it, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and not (database := Database(environment)).external:
        yield from _storage(database)
        yield from _names(database)
        yield from image_findings(database, "image")
        yield from _alpine(database)
        yield from limits_below_requests(environment, (NAME, "resources"), LIMITS)
        yield from _parameters(database)
        yield from _priority(database)


def _storage(database: Database) -> Iterator[Finding]:
    if "storage" in database.section:
        yield from _storage_class(database)
    else:
        text = "is missing; give size and class, or an external host"
        yield database.environment.finding(NO_STORAGE, (NAME, "storage"), text)


def _storage_class(database: Database) -> Iterator[Finding]:
    environment = database.environment
    name = database.section["storage"]["class"]
    declared = environment.get("platform", "storageClasses", default={})
    if name not in PROVIDED_CLASSES and name not in declared:
        text = (
            f"StorageClass '{name}' is not one of platform.storageClasses; if the cluster does "
            "not have it either, the volume stays pending"
        )
        yield environment.finding(STORAGE_CLASS, (NAME, "storage", "class"), text)


def _names(database: Database) -> Iterator[Finding]:
    environment, section = database.environment, database.section
    user, name = section["user"], section["database"]
    if user == "postgres" or user.startswith("pg_"):
        text = f"'{user}' is Postgres' own; give the tiers a role of theirs, for instance app"
        yield environment.finding(RESERVED_NAME, (NAME, "user"), text)
    if name == "postgres" or name in TEMPLATES:
        text = f"'{name}' is Postgres' own; give the tiers a database of theirs, for instance app"
        yield environment.finding(RESERVED_NAME, (NAME, "database"), text)


def image_findings(database: Database, *path: str) -> Iterator[Finding]:
    environment = database.environment
    tag = environment.get(NAME, *path, "tag")
    if environment.get(NAME, *path, "digest") is not None:
        return
    if tag is None:
        text = "has neither tag nor digest, which would mean 'latest'; give one"
        yield environment.finding(IMAGE, (NAME, *path), text)
    elif tag == "latest":
        text = "'latest' is another image tomorrow; give a version, or a digest"
        yield environment.finding(IMAGE, (NAME, *path, "tag"), text)


def _alpine(database: Database) -> Iterator[Finding]:
    if "alpine" in database.section["image"].get("tag", ""):
        tag = database.section["image"]["tag"]
        text = (
            f"'{tag}' cannot run under a user id of its own; take the Debian image, 17.10-bookworm"
        )
        path = (NAME, "image", "tag")
        yield database.environment.finding(ALPINE, path, text)


def _parameters(database: Database) -> Iterator[Finding]:
    for name in sorted(OWNED & database.section.get("parameters", {}).keys()):
        text = "is set by gitops-gen, whose probes and Services rely on it; remove it"
        path = (NAME, "parameters", name)
        yield database.environment.finding(PARAMETER_OWNED, path, text, key=True)


def _priority(database: Database) -> Iterator[Finding]:
    environment, path = database.environment, (NAME, "priorityClassName")
    if text := priorities.undeclared(environment, database.section.get("priorityClassName")):
        yield environment.finding(PRIORITY_CLASS, path, text)
