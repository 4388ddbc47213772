"""Rules for a database in the cluster."""

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
    why="Without a size and a StorageClass, there is no volume for the data.",
    remedy="Set `postgres.storage.size` and `postgres.storage.class`, or an external host.",
)
STORAGE_CLASS = Rule(
    "postgres-storage-class",
    title="The StorageClass of the database's volume is known",
    why="If the StorageClass does not exist in the cluster, the PersistentVolumeClaim stays "
    "pending, and the database never starts.",
    remedy="Use gp2 or a class in `platform.storageClasses`. If the class is created in another "
    "way, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
RESERVED_NAME = Rule(
    "postgres-reserved-name",
    title="The application's role and database do not have names that Postgres reserves",
    why="The role postgres is the superuser, roles that begin with pg_ cannot be created, and the "
    "databases postgres, template0 and template1 already exist.",
    remedy="Use another role and another database for the tiers, for example `app`.",
)
IMAGE = Rule(
    "postgres-image",
    title="The images of the database and its exporter have a release tag or a digest",
    why="Without a tag, or with `latest`, the Pod could run another version after each restart.",
    remedy="Use a release tag, or a digest.",
)
ALPINE = Rule(
    "postgres-image-alpine",
    title="The database's image is based on Debian",
    why="The Alpine image cannot run with the user ID of the Pod.",
    remedy="Use the Debian image of the same version, for example 17.10-bookworm.",
)
LIMITS = Rule(
    "postgres-limits",
    title="Limits of the database and its exporter are not below their requests",
    why="The API server rejects a container whose limit is below its request.",
    remedy="Increase the limit, or decrease the request.",
)
PARAMETER_OWNED = Rule(
    "postgres-parameter-owned",
    title="Parameters that gitops-gen sets are not changed",
    why="The StatefulSet, its probes and its Services rely on these parameters.",
    remedy="Remove the parameter from `postgres.parameters`.",
)
PRIORITY_CLASS = Rule(
    "postgres-priority-class",
    title="The database's PriorityClass is declared in platform.priorityClasses",
    why="The API server rejects Pods whose PriorityClass does not exist in the cluster.",
    remedy="Add the class to `platform.priorityClasses`. If it is created in another way, excuse "
    "the finding.",
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
        text = "is required; set size and class, or an external host"
        yield database.environment.finding(NO_STORAGE, (NAME, "storage"), text)


def _storage_class(database: Database) -> Iterator[Finding]:
    environment = database.environment
    name = database.section["storage"]["class"]
    declared = environment.get("platform", "storageClasses", default={})
    if name not in PROVIDED_CLASSES and name not in declared:
        text = (
            f"StorageClass '{name}' is not in platform.storageClasses; if it does not exist in the "
            "cluster, the PersistentVolumeClaim stays pending"
        )
        yield environment.finding(STORAGE_CLASS, (NAME, "storage", "class"), text)


def _names(database: Database) -> Iterator[Finding]:
    environment, section = database.environment, database.section
    user, name = section["user"], section["database"]
    if user == "postgres" or user.startswith("pg_"):
        text = f"Postgres reserves '{user}'; use another role for the tiers, for example app"
        yield environment.finding(RESERVED_NAME, (NAME, "user"), text)
    if name == "postgres" or name in TEMPLATES:
        text = f"Postgres reserves '{name}'; use another database for the tiers, for example app"
        yield environment.finding(RESERVED_NAME, (NAME, "database"), text)


def image_findings(database: Database, *path: str) -> Iterator[Finding]:
    environment = database.environment
    tag = environment.get(NAME, *path, "tag")
    if environment.get(NAME, *path, "digest") is not None:
        return
    if tag is None:
        text = "the image has neither tag nor digest; use a release tag or a digest"
        yield environment.finding(IMAGE, (NAME, *path), text)
    elif tag == "latest":
        text = "the tag 'latest' is mutable; use a release tag or a digest"
        yield environment.finding(IMAGE, (NAME, *path, "tag"), text)


def _alpine(database: Database) -> Iterator[Finding]:
    if "alpine" in database.section["image"].get("tag", ""):
        tag = database.section["image"]["tag"]
        text = (
            f"the Alpine image '{tag}' cannot run with the user ID of the Pod; "
            "use the Debian image, for example 17.10-bookworm"
        )
        path = (NAME, "image", "tag")
        yield database.environment.finding(ALPINE, path, text)


def _parameters(database: Database) -> Iterator[Finding]:
    for name in sorted(OWNED & database.section.get("parameters", {}).keys()):
        text = "gitops-gen sets it, because probes and Services rely on it; remove it"
        path = (NAME, "parameters", name)
        yield database.environment.finding(PARAMETER_OWNED, path, text, key=True)


def _priority(database: Database) -> Iterator[Finding]:
    environment, path = database.environment, (NAME, "priorityClassName")
    if text := priorities.undeclared(environment, database.section.get("priorityClassName")):
        yield environment.finding(PRIORITY_CLASS, path, text)
