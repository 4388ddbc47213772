"""Values -> all that terraform/bootstrap must be told: the same values give the same variables.

Nothing is left out that Terraform would take a default for: a revision or a reference that is
missing from one run would be a new password, or a Secret that is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gitops_gen.components.types import Component, NamedSecret, StoredSecret
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Rule, Values

RULE = Rule(
    "terraform-vars",
    title="The values hold what terraform/bootstrap needs",
    why="Terraform would fail, or would be applied to another account or repository.",
    remedy="Add the value that the message names.",
)


@dataclass(frozen=True, slots=True)
class TerraformVars:
    """`by_hand` is what nobody can make up and so is no variable, a line each.

    The variables have a section `argocd` even where the values (`argocd_in_values`) have none.
    """

    variables: Values
    by_hand: tuple[str, ...]
    argocd_in_values: bool

    @property
    def data(self) -> bytes:
        """The file of variables, as JSON."""
        return (json.dumps(self.variables, indent=2) + "\n").encode()


def terraform_vars(environment: Environment, components: Sequence[Component]) -> TerraformVars:
    """Raises InvalidInput where values lack what bootstrap cannot do without."""
    if findings := list(_missing(environment)):
        raise InvalidInput(findings)
    passwords = _passwords(environment, components)
    roles, notes = _pod_roles(components)
    cluster: Values = environment.values["cluster"]
    variables = {
        "environment": environment.name,
        "account_id": cluster["accountId"],
        "region": cluster["region"],
        "cluster_name": cluster["name"],
        "repository": _repository(environment),
        "argocd": _argocd(environment),
        "namespaces": sorted({s.namespace for c in components for s in c.secrets}),
        "secrets": dict(sorted(passwords.secrets.items())),
        "pod_roles": roles,
    }
    stated = environment.get("argocd") is not None
    return TerraformVars(variables, (*passwords.by_hand, *notes), stated)


def _missing(environment: Environment) -> Iterator[Finding]:
    if environment.get("cluster", "accountId") is None:
        text = "is missing: Terraform refuses any other account; import the cluster, or give it"
        yield environment.finding(RULE, ("cluster", "accountId"), text)
    url = environment.get("repository", "url")
    if url.startswith("file:"):
        text = f"'{url}' is reached from one machine alone; Argo CD needs https://, ssh:// or git@"
        yield environment.finding(RULE, ("repository", "url"), text)


# Argo CD


def _repository(environment: Environment) -> Values:
    url = environment.values["repository"]["url"]
    return {"url": url, **_reference(environment, "repository")}


def _argocd(environment: Environment) -> Values:
    host = environment.get("argocd", "webhook", "host", default="github")
    return {
        "ha": environment.get("argocd", "ha", default=False),
        "webhook": {"host": host, **_reference(environment, "webhook")},
    }


def _reference(environment: Environment, key: str) -> Values:
    """A secret of AWS Secrets Manager; null where values name none."""
    return {
        "secret_id": environment.get("argocd", key, "secretId"),
        "revision": environment.get("argocd", key, "revision", default=1),
    }


# Secrets


@dataclass
class _Passwords:
    """`secrets` by name, and lines about those that are no passwords to be made up."""

    secrets: dict[str, Values] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)


def _passwords(environment: Environment, components: Sequence[Component]) -> _Passwords:
    found = _Passwords()
    stored = [secret for component in components for secret in component.stored_secrets]
    for entry in stored:
        _add_stored(found, environment, entry)
    copies = {(namespace, s.name) for s in stored for namespace in s.namespaces}
    named: dict[str, list[NamedSecret]] = {}
    for component in components:
        for secret in component.secrets:
            if (secret.namespace, secret.name) not in copies:
                named.setdefault(secret.name, []).append(secret)
    for name in sorted(named):
        _add_named(found, name, named[name])
    return found


def _add_stored(found: _Passwords, environment: Environment, secret: StoredSecret) -> None:
    """Bootstrap makes entries of Secrets Manager under the cluster's name, and no others."""
    prefix = f"{environment.get('cluster', 'name')}/"
    key = secret.entry.removeprefix(prefix)
    ours = secret.entry.startswith(prefix) and key and secret.service == "SecretsManager"
    if ours and secret.password_key is not None:
        found.secrets[key] = {
            "store": "secrets-manager",
            "namespaces": [],
            "fields": {},
            "password_key": secret.password_key,
            "revision": secret.revision,
        }
    else:
        where = "Parameter Store" if secret.service == "ParameterStore" else "Secrets Manager"
        found.by_hand.append(f"entry '{secret.entry}' of {where}: {secret.purpose}")


def _add_named(found: _Passwords, name: str, uses: list[NamedSecret]) -> None:
    namespaces = sorted({use.namespace for use in uses})
    maker = _maker(uses)
    if maker and maker.password_key and name not in found.secrets:
        found.secrets[name] = {
            "store": "kubernetes",
            "namespaces": namespaces,
            "fields": dict(sorted(maker.fields.items())),
            "password_key": maker.password_key,
            "revision": maker.revision,
        }
        return
    keys = sorted({key for use in uses for key in use.keys})
    listed = f" (keys: {', '.join(keys)})" if keys else ""
    purposes = "; ".join(dict.fromkeys(use.purpose for use in uses))
    place = f"Secret '{name}' in namespace {', '.join(namespaces)}"
    found.by_hand.append(f"{place}{listed}: {purposes}")


def _maker(uses: list[NamedSecret]) -> NamedSecret | None:
    """The use that says how the Secret is made, if what is made so serves all of them."""
    makers = [use for use in uses if use.password_key is not None]
    if not makers:
        return None
    first = makers[0]
    agree = all((m.password_key, m.fields) == (first.password_key, first.fields) for m in makers)
    needed = {key for use in uses for key in use.keys}
    return first if agree and needed <= {first.password_key, *first.fields} else None


# Roles


def _pod_roles(components: Sequence[Component]) -> tuple[Values, list[str]]:
    roles: Values = {}
    notes: list[str] = []
    for role in sorted((r for c in components for r in c.pod_roles), key=lambda role: role.name):
        account = f"{role.namespace}/{role.service_account}"
        if role.policy_arns:
            roles[role.name] = {
                "namespace": role.namespace,
                "service_account": role.service_account,
                "policy_arns": sorted(role.policy_arns),
            }
        else:
            text = "values do not say what it may do (awsRole: {policyArns: […]})"
            notes.append(f"role of ServiceAccount {account}: {text}")
    return roles, notes
