"""The component of the database, with a Service in every namespace that uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gitops_gen.components.capabilities import MONITORING_CRDS
from gitops_gen.components.external_secrets import store
from gitops_gen.components.postgres.backing import BACKING_SERVICE, peers
from gitops_gen.components.postgres.chart_values import (
    CHART_KEYS,
    chart_values,
    effective_keys,
)
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.components.types import (
    AtTeardown,
    Component,
    DeclaredFlow,
    NamedSecret,
    Namespace,
    StoredSecret,
    Subchart,
    Volume,
)
from gitops_gen.model import Environment

__all__ = ["BACKING_SERVICE", "SECTION", "instances"]

SECTION = (NAME,)
FOLDER = Path(__file__).resolve().parent


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    if not environment.enabled(NAME):
        return
    database = Database(environment)
    if database.external and not (database.users or database.exported):
        return
    yield Component(
        name=NAME,
        namespace=database.namespace if database.workload_namespaces else database.aliases[0],
        wave=10,
        source=_chart(database),
        section=SECTION,
        provides=frozenset({BACKING_SERVICE.capability}),
        requires=frozenset(_requires(database)),
        namespaces=tuple(_namespaces(database)),
        secrets=tuple(_secrets(database)),
        stored_secrets=tuple(_stored_secrets(database)),
        flows=tuple(_flows(database)),
        volumes=() if database.external else (_volume(database),),
        at_teardown=AtTeardown(
            remains=(f"the external database {database.host}",) if database.external else ()
        ),
    )


def _flows(database: Database) -> Iterator[DeclaredFlow]:
    targets = peers(database)
    if database.exported and targets:
        source = {"app.kubernetes.io/name": f"{NAME}-exporter", "app.kubernetes.io/instance": NAME}
        yield DeclaredFlow(source, targets, (database.port,), (*SECTION, "metrics"))


def _chart(database: Database) -> Subchart:
    keys = tuple(effective_keys(database))
    return Subchart(str(FOLDER), chart_values(database), CHART_KEYS, keys)


def _requires(database: Database) -> Iterator[str]:
    if database.monitored:
        yield MONITORING_CRDS
    if database.external_secret:
        yield store.capability(database.store)


def _namespaces(database: Database) -> Iterator[Namespace]:
    for name in database.workload_namespaces:
        yield Namespace(name, holds_data=not database.external, isolated=True)
    for name in database.users:
        yield Namespace(name)


def _secrets(database: Database) -> Iterator[NamedSecret]:
    """Yields the Secrets that must exist, without those that an ExternalSecret creates."""
    if not database.external_secret:
        for namespace in database.secret_namespaces:
            keys, purpose = ("password",), _purpose(database)
            password, revision = _password_key(database, "password"), database.password_revision
            yield NamedSecret(
                namespace, database.secret, keys, purpose, password, revision=revision
            )
    if not database.external:
        for name in database.section.get("imagePullSecrets", ()):
            purpose = "pulls the database's image"
            yield NamedSecret(database.namespace, name, (".dockerconfigjson",), purpose)


def _stored_secrets(database: Database) -> Iterator[StoredSecret]:
    if secret := database.external_secret:
        yield StoredSecret(
            secret["key"],
            database.secret,
            database.secret_namespaces,
            _purpose(database),
            _password_key(database, secret.get("property", "password")),
            database.password_revision,
            database.store_service,
        )


def _purpose(database: Database) -> str:
    return f"the password of the database role {database.section['user']}"


def _password_key(database: Database, key: str) -> str | None:
    """Returns `key`; None for an external database, which already has a password."""
    return None if database.external else key


def _volume(database: Database) -> Volume:
    storage = database.section["storage"]
    size, storage_class = storage["size"], storage["class"]
    holds = f"the database '{database.section['database']}'"
    workload = f"statefulset/{NAME}"
    return Volume(database.namespace, f"data-{NAME}-0", size, storage_class, holds, workload)
