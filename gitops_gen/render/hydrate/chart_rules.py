"""What a chart of the user's own must not render, whatever its templates do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.types import Component, RepositoryChart, Subchart
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Environment
from gitops_gen.render.hydrate.objects import Rendered
from gitops_gen.render.hydrate.protection import unprotected
from gitops_gen.secrets import texts
from gitops_gen.secrets.names import Doubt, doubt

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_OURS = frozenset({"Application", "ApplicationSet", "AppProject"})
_SYSTEM = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# A copy of a whole object, by kubectl.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def require_unharmful(
    environment: Environment, component: Component, found: Sequence[Rendered]
) -> None:
    """Raises InvalidInput for a secret in plain text, for what is ours, and for nothing at all."""
    if not found and isinstance(component.source, Subchart):
        raise ToolFailed(f"Helm gave no object of {component.name}; try `gitops-gen doctor`")
    if not isinstance(component.source, RepositoryChart):
        return
    allowed = component.touches | {component.namespace}
    problems = list(_problems(found, allowed)) if found else ["renders no object; switch it off"]
    findings = [
        environment.finding("repository-chart", component.section, text, key=True)
        for text in problems
    ]
    if findings:
        raise InvalidInput(findings)


def _problems(found: Sequence[Rendered], allowed: frozenset[str]) -> Iterator[str]:
    for item in found:
        value = yaml.yaml_load(item.content)
        if secret := _secret(item, value):
            yield f"renders {item} with {secret}"
        if reason := unprotected((item.group, item.kind), value):
            yield f"renders {item} {reason}"
        if item.group == "argoproj.io" and item.kind in _OURS:
            yield f"renders {item}; argocd/ is made by gitops-gen alone"
        place = item.name if (item.group, item.kind) == ("", "Namespace") else item.namespace
        if place in _SYSTEM - allowed:
            yield f"renders {item}, and {place} is the cluster's own; list it in namespaces"


def _secret(item: Rendered, value: Any) -> str | None:
    """What of an object should not stand in Git, and what to do about it."""
    if (item.group, item.kind) == ("", "Secret") and _holds_data(value):
        return (
            "its data, which would stand in Git; "
            "leave it out and name a Secret that exists (or an ExternalSecret)"
        )
    if _PRIVATE_KEY.search(item.content):
        return "a private key in it; put that into a Secret by hand"
    # What a CRD says of its fields are examples.
    found = None if item.kind == "CustomResourceDefinition" else next(_given_away(value), None)
    return f"{found} in it; put that into a Secret and name it" if found else None


def _holds_data(secret: Any) -> bool:
    return bool(secret.get("data") or secret.get("stringData"))


def _given_away(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _named(value)
        for key, inner in value.items():
            yield from _given_away(_object(inner) if key == _LAST_APPLIED else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _given_away(inner)
    elif isinstance(value, str) and (found := texts.secret_by_form(value)):
        yield found


def _named(item: dict[str, Any]) -> Iterator[str]:
    """A variable as containers have it: {name: DB_PASSWORD, value: …}."""
    name, text = item.get("name"), item.get("value")
    if not (isinstance(name, str) and isinstance(text, str) and texts.is_literal(text)):
        return
    level = doubt(name)
    if level is Doubt.CERTAIN or (level is Doubt.PERHAPS and texts.looks_random(text)):
        yield f"what '{name}' names, as plain text"


def _object(text: Any) -> Any:
    """An object that stands in a text as JSON; a Secret's is told by the text itself."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
    if isinstance(value, dict) and value.get("kind") == "Secret":
        return text
    return value
