"""What a chart must not render, whatever its templates do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Environment
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.protection import unprotected
from gitops_gen.secrets import texts
from gitops_gen.secrets.names import Doubt, doubt

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_ARGOCD_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
_SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# A copy of a whole object, by kubectl.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def require_allowed_objects(
    environment: Environment, component: Component, found: Sequence[KubeObject]
) -> None:
    """Raises InvalidInput for secrets in plain text, objects that only gitops-gen may render,
    and a chart that renders no object."""
    if component.source.is_first_party:
        if not found:
            raise ToolFailed(f"Helm gave no object of {component.name}; try `gitops-gen doctor`")
        return
    allowed = component.touches | {component.namespace}
    problems = list(_problems(found, allowed)) if found else ["renders no object; switch it off"]
    findings = [
        environment.finding("repository-chart", component.section, text, key=True)
        for text in problems
    ]
    if findings:
        raise InvalidInput(findings)


def _problems(found: Sequence[KubeObject], allowed: frozenset[str]) -> Iterator[str]:
    for item in found:
        identity = item.id
        if secret := _secret(item):
            yield f"renders {item} with {secret}"
        if reason := unprotected(identity.group_kind, item.value):
            yield f"renders {item} {reason}"
        if identity.group == "argoproj.io" and identity.kind in _ARGOCD_KINDS:
            yield f"renders {item}; argocd/ is made by gitops-gen alone"
        is_namespace = identity.group_kind == ("", "Namespace")
        namespace = identity.name if is_namespace else identity.namespace
        if namespace in _SYSTEM_NAMESPACES - allowed:
            yield f"renders {item}, and {namespace} is the cluster's own; list it in namespaces"


def _secret(item: KubeObject) -> str | None:
    """What of an object should not stand in Git, and what to do about it."""
    if item.id.group_kind == ("", "Secret") and _holds_data(item.value):
        return (
            "its data, which would stand in Git; "
            "leave it out and name a Secret that exists (or an ExternalSecret)"
        )
    if _PRIVATE_KEY.search(item.content):
        return "a private key in it; put that into a Secret by hand"
    # What a CRD says of its fields are examples.
    is_crd = item.id.kind == "CustomResourceDefinition"
    found = None if is_crd else next(_secrets_in(item.value), None)
    return f"{found} in it; put that into a Secret and name it" if found else None


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
