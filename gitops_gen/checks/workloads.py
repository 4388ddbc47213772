"""The workloads that rules about security judge, and their violations of a control."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pod_standards import enforced_standard
from gitops_gen.checks.pod_templates import Control, PodTemplate
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.objects.kube_object import KubeObject


def is_upstream(view: EnvironmentView, item: KubeObject) -> bool:
    """Whether an object comes from an upstream chart, which the user cannot change.

    The section of the component states which Pod Security Standard its namespace enforces.
    """
    component = view.components.get(item.component)
    return component is not None and component.source.is_upstream


def workloads(view: EnvironmentView) -> Iterator[PodTemplate]:
    """Yields the Pod templates of first-party components and of charts in the repository."""
    for item in view.objects:
        pod = PodTemplate.of(item)
        if pod is not None and not is_upstream(view, item):
            yield pod


def control_issues(view: EnvironmentView, *controls: Control) -> Iterator[ObjectIssue]:
    """Yields the violations of controls by workloads.

    Violations of a control that the namespace enforces are left out, because Kubernetes refuses
    such Pods, and the rule security-pod-refused reports them.
    """
    for pod in workloads(view):
        enforced = enforced_standard(view, pod.item)
        for control in controls:
            if enforced is None or control not in enforced.controls:
                for violation in control(pod):
                    text = f"{pod.item.id}: {violation.text}"
                    yield ObjectIssue(pod.item, text, violation.path)
