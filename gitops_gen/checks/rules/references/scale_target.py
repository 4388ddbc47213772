"""Every workload that an autoscaler names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-scale-target",
    title="Every workload that an autoscaler names exists",
    why="A HorizontalPodAutoscaler without its target is Degraded, so the sync fails, and "
    "nothing is scaled.",
    remedy="Correct the API version, the kind or the name of the target. If something outside of "
    "this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
---
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: site}""",
    good="""\
kind: Deployment
metadata: {name: web}
---
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.SCALE_TARGET)
