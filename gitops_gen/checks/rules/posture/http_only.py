"""A load balancer without HTTPS."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.production import declared_ingresses
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "posture-http-only",
    title="In production, the load balancer uses HTTPS",
    why="Without a certificate, passwords and session cookies of the users are readable in every "
    "network between them and the load balancer.",
    remedy="Set `ingress.certificateArn`. If something in front of the load balancer terminates "
    "TLS, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
ingress: {}""",
    good="""\
stage: production
ingress:
  certificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c""",
)
_CERTIFICATE = "alb.ingress.kubernetes.io/certificate-arn"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in declared_ingresses(view):
        if _CERTIFICATE not in annotations_of(item):
            text = f"{item.id} has no certificate, so the load balancer only uses HTTP"
            yield ObjectIssue(item, f"{text}; set certificateArn", _annotation(_CERTIFICATE))


def _annotation(name: str) -> tuple[str, ...]:
    return ("metadata", "annotations", name)
