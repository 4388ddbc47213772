"""Every PriorityClass that an object names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-priority-class",
    title="Every PriorityClass that an object names exists",
    why="The API server refuses Pods with a PriorityClass that does not exist.",
    remedy="Correct the name, or define the class in platform.priorityClasses. If something "
    "outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      priorityClassName: urgent""",
    good="""\
kind: PriorityClass
metadata: {name: urgent}
---
kind: Deployment
spec:
  template:
    spec:
      priorityClassName: urgent""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    # The rules tier-priority-class and postgres-priority-class check the values themselves.
    return unresolved(view, ReferenceKind.PRIORITY_CLASS, of_charts=True)
