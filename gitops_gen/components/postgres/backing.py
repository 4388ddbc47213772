"""The provision for tiers with `database: postgres`."""

from __future__ import annotations

from gitops_gen.components import network_peers
from gitops_gen.components.backing import (
    BackingService,
    Consumer,
    EgressRule,
    MountedSecret,
    Provision,
    from_secret,
)
from gitops_gen.components.postgres.facts import KEY, NAME, Database
from gitops_gen.model import Environment, Values

CREDENTIALS_FOLDER = "/var/run/secrets/postgres"
CREDENTIALS_KEY = "password"


def _provision(environment: Environment, consumer: Consumer) -> Provision:
    database = Database(environment)
    as_variable = consumer.values.get("databasePassword") == "env"
    return Provision(
        variables=_plain(database) | _password(database, as_variable),
        files=() if as_variable else (_password_file(database),),
        egress=(EgressRule(peers(database), (database.port,)),),
    )


def _plain(database: Database) -> dict[str, Values]:
    texts = {
        "POSTGRES_HOST": NAME,
        "POSTGRES_PORT": str(database.port),
        "POSTGRES_DB": str(database.section["database"]),
        "POSTGRES_USER": str(database.section["user"]),
    }
    return {name: {"value": text} for name, text in texts.items()}


def _password(database: Database, as_variable: bool) -> dict[str, Values]:
    if as_variable:
        return {"POSTGRES_PASSWORD": from_secret(database.secret, CREDENTIALS_KEY)}
    return {"POSTGRES_PASSWORD_FILE": {"value": f"{CREDENTIALS_FOLDER}/{CREDENTIALS_KEY}"}}


def _password_file(database: Database) -> MountedSecret:
    return MountedSecret(
        CREDENTIALS_FOLDER, "postgres-password", database.secret, keys=(CREDENTIALS_KEY,)
    )


def peers(database: Database) -> tuple[Values, ...]:
    """Returns the NetworkPolicyPeers of the database."""
    if database.external:
        return tuple(network_peers.block(cidr) for cidr in database.external_cidrs)
    labels = {"app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME}
    return (network_peers.pods(database.namespace, labels),)


BACKING_SERVICE = BackingService(key=KEY, capability=f"database:{NAME}", provision=_provision)
