"""How the database's password comes into the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.capabilities import EXTERNAL_SECRETS, is_synced, providers
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.model import Environment, Finding, Related, Rule, Severity, dotted

NO_SECRET = Rule(
    "postgres-credentials",
    title="The database's password comes from a Secret",
    why="No password is ever a value; the Pods read it from a Secret that the values name.",
    remedy="Name a Secret that exists (`existingSecret`), or an entry of AWS' store from which "
    "External Secrets makes one (`externalSecret`).",
)
TWO_SECRETS = Rule(
    "postgres-credentials-twice",
    title="The database's password comes from one Secret",
    why="With both keys written nobody could tell which password the database has.",
    remedy="Keep one of `existingSecret` and `externalSecret`.",
)
EXTERNAL_SECRETS_OFF = Rule(
    "postgres-external-secrets-off",
    title="A password in AWS' store needs the add-on External Secrets",
    why="Only this add-on copies the entry into a Secret; without it the Pods wait for ever.",
    remedy="Write `addons.external-secrets.enabled: true`, or use `existingSecret`.",
)
OUT_OF_REACH = Rule(
    "postgres-external-key",
    title="The entry with the database's password can be read by the add-on's role",
    why="The role that Terraform makes for External Secrets reads the entries below the "
    "cluster's name and no others.",
    remedy="Name the entry `<cluster>/…`. If the operator has a role of your own that may read it, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME):
        yield from _credentials(Database(environment))


def _credentials(database: Database) -> Iterator[Finding]:
    environment, path = database.environment, (NAME, "credentials")
    credentials = database.section["credentials"]
    if not credentials.keys() & {"existingSecret", "externalSecret"}:
        text = "names no Secret; give existingSecret or externalSecret"
        yield environment.finding(NO_SECRET, path, text)
    if "externalSecret" not in credentials:
        return
    if "existingSecret" in credentials and environment.written(*path, "existingSecret"):
        external_secret = environment.position((*path, "externalSecret"), key=True)
        text = f"is given together with externalSecret ({external_secret}); keep one of the two"
        related = (Related(external_secret, "the other of the two"),)
        place = (*path, "existingSecret")
        yield environment.finding(TWO_SECRETS, place, text, key=True, related=related)
    yield from _out_of_reach(database)
    yield from _not_copied(database)


def _not_copied(database: Database) -> Iterator[Finding]:
    """Nothing in the cluster makes a Secret of the entry."""
    environment = database.environment
    if is_synced(environment, EXTERNAL_SECRETS):
        return
    for addon in providers(EXTERNAL_SECRETS):
        text = f"needs the add-on that copies it; write {dotted(addon.section)}.enabled: true"
        place = (NAME, "credentials", "externalSecret")
        yield environment.finding(EXTERNAL_SECRETS_OFF, place, text, key=True)


def _out_of_reach(database: Database) -> Iterator[Finding]:
    """The add-on's role, as terraform/modules/addons makes it, reads `<cluster>/*`. What an
    operator may read that a chart of the user's own brings, nobody knows."""
    environment, path = database.environment, (NAME, "credentials", "externalSecret", "key")
    if any(addon.section in environment.replaced for addon in providers(EXTERNAL_SECRETS)):
        return
    key, cluster = environment.get(*path), environment.get("cluster", "name")
    if not key.startswith(("arn:", f"{cluster}/")):
        text = (
            f"'{key}' is not below '{cluster}/', which is all that the role of terraform/ may "
            "read; name it so, or give the operator a role of your own"
        )
        yield environment.finding(OUT_OF_REACH, path, text)
