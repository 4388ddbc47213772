"""Every ServiceAccount that an object names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-service-account",
    title="Every ServiceAccount that an object names exists",
    why="The API server refuses Pods without their ServiceAccount, and a binding to a "
    "ServiceAccount that does not exist grants nothing.",
    remedy="Correct the name or the namespace, or render the ServiceAccount. If something "
    "outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: ServiceAccount
metadata: {name: web}
---
kind: Deployment
spec:
  template:
    spec:
      serviceAccountName: worker""",
    good="""\
kind: ServiceAccount
metadata: {name: web}
---
kind: Deployment
spec:
  template:
    spec:
      serviceAccountName: web""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.SERVICE_ACCOUNT)
