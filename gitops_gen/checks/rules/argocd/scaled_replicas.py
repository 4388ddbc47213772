"""Workloads whose number of Pods is determined twice."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import ObjectId, Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "argocd-scaled-replicas",
    title="The number of Pods of a workload is determined once",
    why="Argo CD resets `replicas` of a workload that a HorizontalPodAutoscaler scaled, again and "
    "again. Of two autoscalers for one workload, each stops with the condition AmbiguousSelector.",
    remedy="Do not render `replicas` if there is an autoscaler, and render one autoscaler for "
    "each workload. If the difference is intended, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
spec: {replicas: 3}
---
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}""",
    good="""\
kind: Deployment
metadata: {name: web}
spec: {}
---
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    first: dict[ObjectId, KubeObject] = {}
    for one in view.targets.references:
        target = view.by_id.get(one.target)
        if one.kind is not ReferenceKind.SCALE_TARGET or target is None:
            continue
        earlier = first.setdefault(one.target, one.source)
        if earlier is not one.source:
            text = f"{one.source.id} scales {one.target}, as {earlier.id} does"
            yield ObjectIssue(one.source, text, one.path, (earlier, target))
        elif (number := value_at(target.value, "spec", "replicas")) is not None:
            text = f"{target.id} sets replicas to {number}, but {one.source.id} scales it"
            yield ObjectIssue(
                target, text, ("spec", "replicas"), (one.source,), ((one.source, one.path),)
            )
