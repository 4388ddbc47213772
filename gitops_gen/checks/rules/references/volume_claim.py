"""Every volume claim that an object names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-volume-claim",
    title="Every volume claim that an object names exists",
    why="Pods stay Pending without their PersistentVolumeClaim, so the Application never "
    "becomes healthy.",
    remedy="Correct the name, or render the PersistentVolumeClaim in the same namespace. If "
    "something outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: PersistentVolumeClaim
metadata: {name: uploads}
---
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: files, persistentVolumeClaim: {claimName: files}}""",
    good="""\
kind: PersistentVolumeClaim
metadata: {name: uploads}
---
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: files, persistentVolumeClaim: {claimName: uploads}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.VOLUME_CLAIM)
