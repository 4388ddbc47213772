"""Rules for the objects that a chart renders."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Environment, Finding, ObjectId, Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.protection import unprotected
from gitops_gen.render.hydrate.scope import stored_identity
from gitops_gen.rule_registry import defined_in
from gitops_gen.secrets import texts
from gitops_gen.secrets.names import Likelihood, likelihood

NO_OBJECT = Rule(
    "repository-chart-empty",
    title="A repository chart renders at least one object",
    why="A chart without objects most likely has values that disable everything.",
    remedy="Correct the values of the chart, or disable the add-on.",
)
SECRET_DATA = Rule(
    "repository-chart-secret-data",
    title="A repository chart renders no Secret with data and no private key",
    why="The rendered files are committed to Git, where every user with read access to the "
    "repository can read them.",
    remedy="Leave the Secret out and name one that exists in the cluster, or render an "
    "ExternalSecret.",
)
PLAIN_SECRET = Rule(
    "repository-chart-secret",
    title="A repository chart renders no secret in plain text",
    why="The rendered files are committed to Git, where every user with read access to the "
    "repository can read them.",
    remedy="Store the secret in a Secret in the cluster and reference that Secret. If the text is "
    "not a secret, excuse the finding.",
    excusable=True,
)
UNPROTECTED = Rule(
    "repository-chart-data",
    title="Objects of repository charts that hold data are protected from deletion",
    why="Without these annotations, Argo CD or Helm would delete the data with the object.",
    remedy="Correct the annotations as the message states, or state that the object contains no "
    "data to keep.",
)
ARGOCD_OBJECT = Rule(
    "repository-chart-argocd",
    title="A repository chart renders no Application and no AppProject",
    why="Only gitops-gen writes argocd/, and a second Application could sync the objects of the "
    "first one.",
    remedy="Remove the object from the chart.",
)
SYSTEM_NAMESPACE = Rule(
    "repository-chart-namespace",
    title="A repository chart writes to system namespaces only if the values list them",
    why="Namespaces such as kube-system belong to the cluster, and the AppProject allows an add-on "
    "only the namespaces in the values.",
    remedy="List the namespace under `namespaces` of the add-on, or use another one in the chart.",
)

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_ARGOCD_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
_SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# The annotation in which kubectl stores a copy of the object.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def applied_rules() -> frozenset[Rule]:
    """The rules that `chart_findings` applies, with or without a finding."""
    return frozenset(defined_in(sys.modules[__name__]))


def chart_findings(
    environment: Environment, component: Component, found: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Yields the findings about the rendered objects of a repository chart.

    Raises ToolFailed if a built-in chart renders no object.
    """
    if component.source.is_first_party:
        if not found:
            raise ToolFailed(
                f"Helm rendered no object of {component.name}; run `gitops-gen doctor`"
            )
        return
    if not found:
        text = "renders no object; correct its values, or disable it"
        yield environment.finding(NO_OBJECT, component.section, text, key=True)
    allowed = component.touches | {component.namespace}
    for item in found:
        identity = stored_identity(item.id, component)
        for rule, problem in _problems(item, identity, allowed):
            path, text = component.section, f"{problem} (template {item.template})"
            yield environment.finding(rule, path, text, key=True, rendered=identity)


def _problems(
    item: KubeObject, identity: ObjectId, allowed: frozenset[str]
) -> Iterator[tuple[Rule, str]]:
    """Yields rule and message of each problem. `identity` is the identity in the API server."""
    if secret := _secret(item):
        rule, text = secret
        excuse = f" (if it is not a secret, add '{identity}' to ignore)" if rule.excusable else ""
        yield rule, f"renders {identity} with {text}{excuse}"
    if reason := unprotected(identity.group_kind, item.value):
        yield UNPROTECTED, f"renders {identity} {reason}"
    if identity.group == "argoproj.io" and identity.kind in _ARGOCD_KINDS:
        yield (
            ARGOCD_OBJECT,
            f"renders {identity}, but only gitops-gen may write argocd/; remove it from the chart",
        )
    is_namespace = identity.group_kind == ("", "Namespace")
    namespace = identity.name if is_namespace else identity.namespace
    if namespace in _SYSTEM_NAMESPACES - allowed:
        text = f"renders {identity}, but {namespace} is a system namespace; list it in namespaces"
        yield SYSTEM_NAMESPACE, text


def _secret(item: KubeObject) -> tuple[Rule, str] | None:
    """The rule and the message about a secret in an object, or None."""
    if item.id.group_kind == ("", "Secret") and _holds_data(item.value):
        return SECRET_DATA, (
            "its data, which would be committed to Git; "
            "remove it and reference an existing Secret (or use an ExternalSecret)"
        )
    if _PRIVATE_KEY.search(item.content):
        return SECRET_DATA, "a private key; create a Secret with the key by hand"
    # The texts in a CRD are examples.
    is_crd = item.id.kind == "CustomResourceDefinition"
    found = None if is_crd else next(_secrets_in(item.value), None)
    return (
        (PLAIN_SECRET, f"{found}; store it in a Secret and reference that Secret")
        if found
        else None
    )


def _holds_data(secret: Any) -> bool:
    return bool(secret.get("data") or secret.get("stringData"))


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _secret_variable(value)
        for key, inner in value.items():
            yield from _secrets_in(_object_in_json(inner) if key == _LAST_APPLIED else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets_in(inner)
    elif isinstance(value, str) and (found := texts.secret_by_form(value)):
        yield found


def _secret_variable(item: dict[str, Any]) -> Iterator[str]:
    """Yields a description of the secret in a variable of a container, if it contains one.

    Such a variable has the form {name: DB_PASSWORD, value: …}.
    """
    name, text = item.get("name"), item.get("value")
    if not (isinstance(name, str) and isinstance(text, str) and texts.is_literal(text)):
        return
    level = likelihood(name)
    if level is Likelihood.CERTAIN or (level is Likelihood.PERHAPS and texts.looks_random(text)):
        yield f"the plain text value of '{name}', which looks like a secret"


def _object_in_json(text: Any) -> Any:
    """The object that a text contains as JSON, or the text itself for a Secret."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
    if isinstance(value, dict) and value.get("kind") == "Secret":
        return text
    return value
