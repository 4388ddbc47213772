"""Deployments of one Pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.production import is_production
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import is_upstream
from gitops_gen.model import Path, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "posture-one-replica",
    title="In production, tiers have at least two Pods",
    why="If the only Pod is moved to another node or its node fails, requests fail until a new "
    "Pod is ready.",
    remedy="Set `replicas` or `autoscaling.minReplicas` to at least 2. If the program must not "
    "run twice, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
tiers:
  web: {replicas: 1}""",
    good="""\
stage: production
tiers:
  web: {replicas: 2}""",
)
_DEPLOYMENT = ("apps", "Deployment")
_SCALER = ("autoscaling", "HorizontalPodAutoscaler")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    if not is_production(view):
        return
    scalers = {_target(scaler): scaler for scaler in view.of_kind(_SCALER)}
    for item in view.of_kind(_DEPLOYMENT):
        scaler = scalers.get((item.id.namespace, item.id.kind, item.id.name))
        path: Path = ("spec", "minReplicas") if scaler else ("spec", "replicas")
        scaled = scaler or item
        if _is_of_user(view, item) and value_at(scaled.value, *path) in (None, 1):
            text = f"{item.id} has one Pod; let it have at least two"
            yield ObjectIssue(scaled, text, path)


def _target(scaler: KubeObject) -> tuple[str, str, str]:
    """The namespace, the kind and the name of what a HorizontalPodAutoscaler scales."""
    target = value_at(scaler.value, "spec", "scaleTargetRef")
    return scaler.id.namespace, str(value_at(target, "kind")), str(value_at(target, "name"))


def _is_of_user(view: EnvironmentView, item: KubeObject) -> bool:
    """Whether it is a tier, or from a chart in the repository."""
    component = view.components.get(item.component)
    if component is None or is_upstream(view, item):
        return False
    return component.section[0] == "tiers" or not component.source.is_first_party
