"""Rules for the source of the database's password."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.capabilities import EXTERNAL_SECRETS, is_synced, providers
from gitops_gen.components.durations import LONGEST_DURATION, overflow
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.model import Environment, Finding, Related, Rule, Severity, dotted

NO_SECRET = Rule(
    "postgres-credentials",
    title="The database's password comes from a Secret",
    why="Values never contain a password. Pods read it from a Secret that the values reference.",
    remedy="Set the name of an existing Secret (`existingSecret`), or a secret in AWS from which "
    "External Secrets creates a Secret (`externalSecret`).",
)
TWO_SECRETS = Rule(
    "postgres-credentials-twice",
    title="The database's password comes from one Secret",
    why="With both keys, it would be unclear which password the database has.",
    remedy="Keep one of `existingSecret` and `externalSecret`.",
)
EXTERNAL_SECRETS_OFF = Rule(
    "postgres-external-secrets-off",
    title="A password in AWS requires the add-on external-secrets",
    why="Only this add-on copies the password to a Secret. Without it, the Pods do not start.",
    remedy="Write `addons.external-secrets.enabled: true`, or use `existingSecret`.",
)
OUT_OF_REACH = Rule(
    "postgres-external-key",
    title="The IAM role of External Secrets can read the database's password in AWS",
    why="The IAM role that Terraform creates for External Secrets can only read secrets whose "
    "names begin with the cluster's name.",
    remedy="Rename the secret in AWS to `<cluster>/…`. If the operator has another IAM role that "
    "can read it, excuse the finding.",
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
        text = "no Secret is configured; set existingSecret or externalSecret"
        yield environment.finding(NO_SECRET, path, text)
    if "externalSecret" not in credentials:
        return
    if "existingSecret" in credentials and environment.written(*path, "existingSecret"):
        external_secret = environment.position((*path, "externalSecret"), key=True)
        text = f"is set together with externalSecret ({external_secret}); remove one of the two"
        related = (Related(external_secret, "the other of the two"),)
        place = (*path, "existingSecret")
        yield environment.finding(TWO_SECRETS, place, text, key=True, related=related)
    interval = credentials["externalSecret"].get("refreshInterval", "1h")
    if problem := overflow(interval):
        interval_path = (*path, "externalSecret", "refreshInterval")
        yield environment.finding(LONGEST_DURATION, interval_path, problem)
    yield from _out_of_reach(database)
    yield from _not_copied(database)


def _not_copied(database: Database) -> Iterator[Finding]:
    """Yields a finding if no operator in the cluster creates the Secret."""
    environment = database.environment
    if is_synced(environment, EXTERNAL_SECRETS):
        return
    for addon in providers(EXTERNAL_SECRETS):
        text = f"requires the add-on {addon.section[-1]}; set {dotted(addon.section)}.enabled: true"
        place = (NAME, "credentials", "externalSecret")
        yield environment.finding(EXTERNAL_SECRETS_OFF, place, text, key=True)


def _out_of_reach(database: Database) -> Iterator[Finding]:
    """Yields a finding if the IAM role of the add-on, which terraform/modules/addons creates with
    access to `<cluster>/*`, cannot read the secret. The role of a user-defined chart is unknown."""
    environment, path = database.environment, (NAME, "credentials", "externalSecret", "key")
    if any(addon.section in environment.replaced for addon in providers(EXTERNAL_SECRETS)):
        return
    key, cluster = environment.get(*path), environment.get("cluster", "name")
    if not key.startswith(("arn:", f"{cluster}/")):
        text = (
            f"the name of the secret does not begin with '{cluster}/', the prefix that the IAM "
            "role of terraform/ can read; rename the secret, or use your own IAM role for the "
            "operator"
        )
        yield environment.finding(OUT_OF_REACH, path, text)
