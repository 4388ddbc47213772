"""A load balancer that can be deleted by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.production import declared_ingresses
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "posture-deletion-protection",
    title="In production, AWS refuses to delete the load balancer",
    why="If the Ingress is deleted by mistake, the load balancer is deleted too. The new one has "
    "another address, and the DNS records of the old one no longer work.",
    remedy="Set `ingress.deletionProtection: true`. If the load balancer may be replaced, excuse "
    "the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
ingress: {deletionProtection: false}""",
    good="""\
stage: production
ingress: {deletionProtection: true}""",
)
_ATTRIBUTES = "alb.ingress.kubernetes.io/load-balancer-attributes"
_PROTECTED = "deletion_protection.enabled=true"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in declared_ingresses(view):
        if _PROTECTED not in annotations_of(item).get(_ATTRIBUTES, "").split(","):
            text = f"AWS deletes the load balancer together with {item.id}"
            path = () if view.environment.get("ingress", "deletionProtection") is None else _PATH
            yield ObjectIssue(item, f"{text}; set deletionProtection to true", path)


_PATH = ("metadata", "annotations", _ATTRIBUTES)
