"""Pods that Kubernetes refuses because of the Pod Security Standard of their namespace."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pod_standards import EnforcedStandard, enforced_standard
from gitops_gen.checks.pod_templates import PodTemplate, Violation
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule

RULE = Rule(
    "security-pod-refused",
    title="Every Pod complies with the Pod Security Standard that its namespace enforces",
    why="The API server accepts a Deployment whose Pods violate the standard, but refuses the "
    "Pods. The Application is then Synced, and never becomes Healthy.",
    remedy="Add the fields that the message names to the Pod, or remove them. If the chart needs "
    "what the standard forbids, set `podSecurity` of the chart to `baseline` or `privileged`.",
    bad="""\
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
---
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {hostNetwork: true}}}""",
    good="""\
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
---
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {hostNetwork: false}}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.objects:
        standard = enforced_standard(view, item) if item.id.namespace else None
        pod = PodTemplate.of(item, standard.minor) if standard else None
        if standard is not None and pod is not None:
            yield from _issues(pod, standard)


def _issues(pod: PodTemplate, standard: EnforcedStandard) -> Iterator[ObjectIssue]:
    """Yields one issue for each field that is not admitted, and one for all that are missing."""
    found = [violation for control in standard.controls for violation in control(pod)]
    for violation in found:
        if not violation.missing:
            yield _issue(pod, standard, violation.path, violation.text)
    if missing := [violation for violation in found if violation.missing]:
        yield _issue(pod, standard, missing[0].path, _listed(missing))


def _listed(violations: list[Violation]) -> str:
    return ", ".join(violation.text for violation in violations)


def _issue(
    pod: PodTemplate, standard: EnforcedStandard, path: tuple[str | int, ...], text: str
) -> ObjectIssue:
    refused = "this Pod" if pod.item.id.kind == "Pod" else f"the Pods of {pod.item.id}"
    return ObjectIssue(
        pod.item,
        f"Kubernetes refuses {refused}, because {standard.namespace.id} enforces the standard "
        f"{standard.level}: {text}",
        path,
        (standard.namespace,),
    )
