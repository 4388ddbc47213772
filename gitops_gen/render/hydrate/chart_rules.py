"""What a chart must not render, whatever its templates do."""

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
from gitops_gen.secrets.names import Doubt, doubt

NO_OBJECT = Rule(
    "repository-chart-empty",
    title="A chart of your own renders at least one object",
    why="An Application without an object is most likely a chart whose values switch everything "
    "off.",
    remedy="Correct the values of the chart, or switch the add-on off.",
)
SECRET_DATA = Rule(
    "repository-chart-secret-data",
    title="A chart of your own renders no Secret with data and no private key",
    why="What is rendered is committed to Git, where everybody who can read the repository can "
    "read it.",
    remedy="Leave the Secret out and name one that exists in the cluster, or render an "
    "ExternalSecret.",
)
PLAIN_SECRET = Rule(
    "repository-chart-secret",
    title="A chart of your own renders no secret as plain text",
    why="What is rendered is committed to Git, where everybody who can read the repository can "
    "read it.",
    remedy="Put the secret into a Secret of the cluster and name that. If the text is no secret, "
    "excuse the finding.",
    excusable=True,
)
UNPROTECTED = Rule(
    "repository-chart-data",
    title="Objects of your own charts that hold data are kept",
    why="Without these annotations Argo CD or Helm would delete the data with the object.",
    remedy="Correct the annotations as the message states, or state that nothing in the object is "
    "to be kept.",
)
ARGOCD_OBJECT = Rule(
    "repository-chart-argocd",
    title="A chart of your own renders no Application or AppProject",
    why="argocd/ is written by gitops-gen alone, and another Application could sync what this one "
    "owns.",
    remedy="Remove the object from the chart.",
)
SYSTEM_NAMESPACE = Rule(
    "repository-chart-namespace",
    title="A chart of your own writes to the cluster's namespaces only where it states so",
    why="kube-system and the like belong to the cluster, and the AppProject admits an add-on to "
    "no namespace that the values do not name.",
    remedy="List the namespace under the add-on's `namespaces`, or let the chart use another one.",
)

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_ARGOCD_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
_SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# A copy of a whole object, by kubectl.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def applied_rules() -> frozenset[Rule]:
    """The rules that `chart_findings` applies, whether it finds anything or not."""
    return frozenset(defined_in(sys.modules[__name__]))


def chart_findings(
    environment: Environment, component: Component, found: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Secrets in plain text, objects that only gitops-gen may render, and a chart that renders no
    object."""
    if component.source.is_first_party:
        if not found:
            raise ToolFailed(f"Helm gave no object of {component.name}; try `gitops-gen doctor`")
        return
    if not found:
        text = "renders no object; switch it off"
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
    """`identity` is that which the API server stores, and which an excuse names."""
    if secret := _secret(item):
        yield secret[0], f"renders {identity} with {secret[1]}"
    if reason := unprotected(identity.group_kind, item.value):
        yield UNPROTECTED, f"renders {identity} {reason}"
    if identity.group == "argoproj.io" and identity.kind in _ARGOCD_KINDS:
        yield ARGOCD_OBJECT, f"renders {identity}; argocd/ is made by gitops-gen alone"
    is_namespace = identity.group_kind == ("", "Namespace")
    namespace = identity.name if is_namespace else identity.namespace
    if namespace in _SYSTEM_NAMESPACES - allowed:
        text = f"renders {identity}, and {namespace} is the cluster's own; list it in namespaces"
        yield SYSTEM_NAMESPACE, text


def _secret(item: KubeObject) -> tuple[Rule, str] | None:
    """What of an object should not stand in Git, and what to do about it."""
    if item.id.group_kind == ("", "Secret") and _holds_data(item.value):
        return SECRET_DATA, (
            "its data, which would stand in Git; "
            "leave it out and name a Secret that exists (or an ExternalSecret)"
        )
    if _PRIVATE_KEY.search(item.content):
        return SECRET_DATA, "a private key in it; put that into a Secret by hand"
    # What a CRD says of its fields are examples.
    is_crd = item.id.kind == "CustomResourceDefinition"
    found = None if is_crd else next(_secrets_in(item.value), None)
    return (PLAIN_SECRET, f"{found} in it; put that into a Secret and name it") if found else None


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
    """A variable as containers have it: {name: DB_PASSWORD, value: …}."""
    name, text = item.get("name"), item.get("value")
    if not (isinstance(name, str) and isinstance(text, str) and texts.is_literal(text)):
        return
    level = doubt(name)
    if level is Doubt.CERTAIN or (level is Doubt.PERHAPS and texts.looks_random(text)):
        yield f"what '{name}' names, as plain text"


def _object_in_json(text: Any) -> Any:
    """The object that a text holds as JSON; for a Secret the text, which is recognised as one."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
    if isinstance(value, dict) and value.get("kind") == "Secret":
        return text
    return value
