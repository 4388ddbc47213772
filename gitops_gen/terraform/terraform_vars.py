"""Computes the input variables of terraform/bootstrap from the values.

The same values give the same variables. Variables with a default are also written, because a
revision or a reference that is missing from one run would create a new password or delete a Secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gitops_gen.components.types import Component, NamedSecret, StoredSecret
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.placeholders import is_placeholder
from gitops_gen.model import Environment, Finding, Rule, Values

RULE = Rule(
    "terraform-vars",
    title="The values contain the settings that terraform/bootstrap needs",
    why="Terraform would fail, or would be applied to another account or repository.",
    remedy="Add the value that the message names.",
)


@dataclass(frozen=True, slots=True)
class TerraformVars:
    """The input variables of terraform/bootstrap.

    `by_hand` has one line for each secret or role that Terraform cannot create. The variables have
    a section `argocd` even if the values have none (`argocd_in_values` is False).
    """

    variables: Values
    by_hand: tuple[str, ...]
    argocd_in_values: bool

    @property
    def data(self) -> bytes:
        """The content of the variables file, as JSON."""
        return (json.dumps(self.variables, indent=2) + "\n").encode()


def terraform_vars(environment: Environment, components: Sequence[Component]) -> TerraformVars:
    """Returns the variables. Raises InvalidInput if the values lack a required setting."""
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
        text = "is required, because Terraform checks the account; run import-cluster, or set it"
        yield environment.finding(RULE, ("cluster", "accountId"), text)
    for path in (("cluster", "name"), ("cluster", "region"), ("repository", "url")):
        if is_placeholder(value := environment.get(*path)):
            text = f"'{value}' is a placeholder that init wrote; replace it with your own value"
            yield environment.finding(RULE, path, text)
    url = environment.get("repository", "url")
    if url.startswith("file:"):
        text = f"'{url}' is a local path; Argo CD needs a URL with https://, ssh:// or git@"
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
    """Returns a reference to a secret in AWS Secrets Manager, with null if the values have none."""
    return {
        "secret_id": environment.get("argocd", key, "secretId"),
        "revision": environment.get("argocd", key, "revision", default=1),
    }


# Secrets


@dataclass
class _Passwords:
    """The secrets that Terraform creates, by name, and lines about those that it cannot create."""

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
    """terraform/bootstrap creates only secrets whose names begin with the name of the cluster."""
    prefix = f"{environment.get('cluster', 'name')}/"
    key = secret.entry.removeprefix(prefix)
    supported = secret.entry.startswith(prefix) and key and secret.service == "SecretsManager"
    if supported and secret.password_key is not None:
        found.secrets[key] = {
            "store": "secrets-manager",
            "namespaces": [],
            "fields": {},
            "password_key": secret.password_key,
            "revision": secret.revision,
        }
    else:
        where = "Parameter Store" if secret.service == "ParameterStore" else "Secrets Manager"
        found.by_hand.append(f"entry '{secret.entry}' in {where}: {secret.purpose}")


def _add_named(found: _Passwords, name: str, uses: list[NamedSecret]) -> None:
    namespaces = sorted({use.namespace for use in uses})
    definition = _definition(uses)
    if definition and definition.password_key and name not in found.secrets:
        found.secrets[name] = {
            "store": "kubernetes",
            "namespaces": namespaces,
            "fields": dict(sorted(definition.fields.items())),
            "password_key": definition.password_key,
            "revision": definition.revision,
        }
        return
    keys = sorted({key for use in uses for key in use.keys})
    listed = f" (keys: {', '.join(keys)})" if keys else ""
    purposes = "; ".join(dict.fromkeys(use.purpose for use in uses))
    place = f"Secret '{name}' in namespace {', '.join(namespaces)}"
    found.by_hand.append(f"{place}{listed}: {purposes}")


def _definition(uses: list[NamedSecret]) -> NamedSecret | None:
    """Returns the use that defines how to create the Secret, if the Secret then serves all uses."""
    definitions = [use for use in uses if use.password_key is not None]
    if not definitions:
        return None
    first = definitions[0]
    wanted = (first.password_key, first.fields)
    agree = all((use.password_key, use.fields) == wanted for use in definitions)
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
            text = "the values do not define its policies (awsRole: {policyArns: […]})"
            notes.append(f"IAM role of ServiceAccount {account}: {text}")
    return roles, notes
