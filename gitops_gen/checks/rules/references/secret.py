"""Every Secret that an object names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-secret",
    title="Every Secret that an object names exists",
    why="The kubelet does not start a container without its Secret, and does not pull a "
    "private image without its credentials. Secrets that the values name must exist in "
    "the cluster, which this rule cannot determine.",
    remedy="Correct the name, or render an ExternalSecret that creates the Secret in the same "
    "namespace. If the Secret is created by hand, excuse the finding.",
    excusable=True,
    bad="""\
kind: ExternalSecret
metadata: {name: token}
---
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: token, secret: {secretName: tokens}}""",
    good="""\
kind: ExternalSecret
metadata: {name: token}
---
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: token, secret: {secretName: token}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.SECRET)
