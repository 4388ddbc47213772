"""The selector of every Service matches Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pods import pod_labels_path
from gitops_gen.checks.traffic.services import SERVICE, Workloads, selector_of, undetermined_pods
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Path, Rule
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "traffic-service-selector",
    title="The selector of every Service matches Pods",
    why="A Service without Pods has no endpoints, so connections to it are refused.",
    remedy="Correct the selector or the labels of the Pods. If something outside of this "
    "repository creates the Pods, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    metadata: {labels: {app: web}}
---
kind: Service
spec:
  selector: {app: website}""",
    good="""\
kind: Deployment
spec:
  template:
    metadata: {labels: {app: web}}
---
kind: Service
spec:
  selector: {app: web}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    workloads = view.traffic.workloads
    for service in view.of_kind(SERVICE):
        if not selector_of(service) or workloads.behind(service):
            continue
        namespace = service.id.namespace
        unknown = undetermined_pods(workloads, namespace, "selectors of Services")
        yield unknown or _without_pods(workloads, service)


def _without_pods(workloads: Workloads, service: KubeObject) -> ObjectIssue:
    path, hint = _probable_mistake(workloads, service)
    text = f"no Pods in the namespace {service.id.namespace} match the selector of {service.id}"
    pods = workloads.in_namespace(service.id.namespace)
    labels = tuple((one.workload, pod_labels_path(one.workload)) for one in pods if one.workload)
    return ObjectIssue(service, f"{text}{hint}", path, alternatives=labels)


def _probable_mistake(workloads: Workloads, service: KubeObject) -> tuple[Path, str]:
    """Returns the only label of the selector that no Pods have, if there is one, and a hint."""
    namespace, selector = service.id.namespace, selector_of(service)
    wrong = [
        key
        for key in selector
        if any(workloads.matched({"matchLabels": _without(selector, key)}, namespace))
    ]
    if len(wrong) != 1 or not workloads.in_namespace(namespace):
        return ("spec", "selector"), ""
    key = wrong[0]
    pods = workloads.matched({"matchLabels": _without(selector, key)}, namespace)
    values = sorted({one.labels.values[key] for one in pods if key in one.labels.values})
    hint = did_you_mean(str(selector[key]), values)
    return ("spec", "selector", key), hint


def _without(selector: dict[str, str], key: str) -> dict[str, str]:
    return {name: text for name, text in selector.items() if name != key}
