"""Describes the difference between two renders of one release."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from gitops_gen import yaml
from gitops_gen.components.types import Component, HydratedChart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, FieldPath, Finding, ObjectId, Path, Rule
from gitops_gen.objects.fields import differences
from gitops_gen.render.helm_runs.releases import RenderedDifferently
from gitops_gen.render.hydrate.documents import HelmDocument, documents
from gitops_gen.render.hydrate.identity import NotAnObject, identity_of

RANDOM_OUTPUT = Rule(
    "random-output",
    title="A chart renders the same output at every render",
    why="Random values, generated keys and the current time would change the manifests at every "
    "render.",
    remedy="Remove the function from the template, or let the chart use an existing Secret. For an "
    "upstream chart, set the value that the message names.",
)
_GENERAL = "(a random value, a key or the time); remove the call, or use an existing Secret"


class _Cure(NamedTuple):
    """A value of an upstream chart that makes a field the same at every render."""

    chart: str
    name: str
    """A regular expression for the kind and the name of the object."""
    value: str


_CURES = (
    _Cure(
        "kube-prometheus-stack",
        r"Secret .*-image-renderer.*",
        "grafana.imageRenderer.existingSecret",
    ),
    _Cure(
        "kube-prometheus-stack", r"(Secret|Deployment) .*grafana", "grafana.admin.existingSecret"
    ),
    _Cure("grafana", r"Secret .*-image-renderer.*", "imageRenderer.existingSecret"),
    _Cure("grafana", r"(Secret|Deployment) .*", "admin.existingSecret"),
    _Cure(
        "aws-load-balancer-controller",
        r"(Secret|\w+WebhookConfiguration) .*",
        "enableCertManager: true",
    ),
    _Cure(
        "amazon-cloudwatch-observability",
        r"Secret .*-agent-.*",
        "agent.certManager.enabled: true",
    ),
    _Cure(
        "amazon-cloudwatch-observability",
        r"(Secret|\w+WebhookConfiguration) .*",
        "admissionWebhooks.certManager.enabled: true",
    ),
    _Cure(
        "amazon-cloudwatch-observability", r"(Deployment|DaemonSet) .*", "manager.rolling: false"
    ),
)
"""The first one that matches applies."""


class _Different(NamedTuple):
    template: str
    object: ObjectId | None = None
    field: Path = ()


def random_output(
    environment: Environment, component: Component, error: RenderedDifferently
) -> Finding:
    """The finding about two renders that differ. It shows no value, which may be a key."""
    found = _first_difference(error.first, error.second)
    return environment.finding(
        RANDOM_OUTPUT, component.section, _text(component, found), key=True, rendered=found.object
    )


def _text(component: Component, found: _Different) -> str:
    place = found.template or "its chart"
    if found.object is None:
        return f"{place} has a different result at every render {_GENERAL}"
    field = f" in {FieldPath(found.field)}" if found.field else ""
    text = f"{place} renders {found.object} with a different result at every render{field}"
    cure = _cure(component, found.object)
    return f"{text}; set {cure} in its values" if cure else f"{text} {_GENERAL}"


def _cure(component: Component, identity: ObjectId) -> str | None:
    source = component.source
    chart = source.pin.chart if isinstance(source, HydratedChart) else ""
    name = f"{identity.kind} {identity.name}"
    found = (one.value for one in _CURES if one.chart == chart and re.fullmatch(one.name, name))
    return next(found, None)


def _first_difference(first: bytes, second: bytes) -> _Different:
    before, after = list(documents(first)), list(documents(second))
    for old, new in zip(before, after, strict=False):
        if old != new:
            return _in_documents(old, new)
    longer = max(before, after, key=len)[min(len(before), len(after)) :]
    return _Different(longer[0].template if longer else "")


def _in_documents(old: HelmDocument, new: HelmDocument) -> _Different:
    identity, value = _parsed(old)
    _, second = _parsed(new)
    if old.template != new.template or identity is None:
        return _Different(old.template)
    changed = next(differences(value, second), None)
    return _Different(old.template, identity, changed.path.parts if changed else ())


def _parsed(document: HelmDocument) -> tuple[ObjectId | None, dict[str, Any] | None]:
    try:
        value = yaml.yaml_load(document.content)
        return identity_of(value)[0], value
    except (InvalidInput, NotAnObject):
        return None, None
