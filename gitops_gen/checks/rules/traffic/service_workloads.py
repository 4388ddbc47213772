"""The selector of a Service matches the Pods of only one workload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.checks.pods import pod_labels, pod_labels_path
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.services import SERVICE, is_headless, ports_of, selector_of
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Path, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "traffic-service-workloads",
    title="The selector of a Service matches the Pods of only one workload",
    why="A Service distributes its connections over all Pods that its selector matches. If these "
    "belong to several workloads, some requests arrive at the wrong program. Workloads whose Pods "
    "have the same labels, apart from the version, are versions of one program and no finding.",
    remedy="Add a label to the selector that only one workload has. If the workloads are "
    "interchangeable, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: shop, part: web}}
---
kind: Deployment
metadata: {name: worker}
spec:
  template:
    metadata: {labels: {app: shop, part: worker}}
---
kind: Service
spec:
  selector: {app: shop}""",
    good="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: shop, part: web}}
---
kind: Deployment
metadata: {name: worker}
spec:
  template:
    metadata: {labels: {app: shop, part: worker}}
---
kind: Service
spec:
  selector: {app: shop, part: web}""",
)

_VERSIONS = frozenset({"app.kubernetes.io/version", "track", "version"})
"""Labels that distinguish the versions of one program."""


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for service in view.of_kind(SERVICE):
        pods = view.traffic.workloads.behind(service)
        if len(pods) > 1 and not (_is_group(service, pods) or _are_versions(pods)):
            names = ", ".join(one.name for one in pods)
            text = f"the selector of {service.id} matches the Pods of several workloads: {names}"
            yield ObjectIssue(
                service,
                text,
                ("spec", "selector"),
                tuple(one.workload for one in pods if one.workload),
                tuple(_labels(service, pods)),
            )


def _are_versions(pods: Sequence[Pods]) -> bool:
    """Whether the labels of the Pods differ only in the version, as in a canary release."""
    labels = [pod_labels(one.workload) for one in pods if one.workload]
    programs = [{k: v for k, v in one.items() if k not in _VERSIONS} for one in labels]
    is_complete = len(labels) == len(pods) and all(_VERSIONS & one.keys() for one in labels)
    return is_complete and all(one == programs[0] for one in programs)


def _labels(service: KubeObject, pods: Sequence[Pods]) -> Iterator[tuple[KubeObject, Path]]:
    """Yields the labels of the Pods that the selector names."""
    for workload in (one.workload for one in pods if one.workload):
        for key in selector_of(service):
            yield workload, (*pod_labels_path(workload), key)


def _is_group(service: KubeObject, pods: Sequence[Pods]) -> bool:
    """Whether all Pods listen on the ports of a headless Service, by which they find each other."""
    targets = [port.target for port in ports_of(service)]
    return is_headless(service) and all(
        one.numbers(target) and one.listens(one.numbers(target)[0])
        for one in pods
        for target in targets
        if target is not None
    )
