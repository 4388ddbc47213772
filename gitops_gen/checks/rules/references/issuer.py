"""Every issuer that a certificate names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-issuer",
    title="Every issuer that a certificate names exists",
    why="Without its issuer, cert-manager issues no certificate, and its Secret is never created.",
    remedy="Correct the kind, the name or the namespace, or render the Issuer or ClusterIssuer. "
    "If something outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: Issuer
metadata: {name: ca, namespace: shop}
---
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  issuerRef: {kind: ClusterIssuer, name: ca}""",
    good="""\
kind: Issuer
metadata: {name: ca, namespace: shop}
---
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  issuerRef: {kind: Issuer, name: ca}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.ISSUER)
