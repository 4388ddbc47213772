"""Every monitor matches Services or Pods that have its ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.checks.traffic.monitors import (
    Endpoint,
    endpoints_of,
    has_port,
    monitors,
    namespaces_of,
    pods_matched,
    services_of,
)
from gitops_gen.checks.traffic.parties import Pods, port_fields
from gitops_gen.checks.traffic.services import ports_of, undetermined_pods
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Path, Rule
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "traffic-monitor",
    title="Every ServiceMonitor and PodMonitor matches Services or Pods that have its ports",
    why="Prometheus reads no metrics for a monitor that matches nothing, or whose port does not "
    "exist. Alerts about these metrics never fire.",
    remedy="Correct the selector, the namespaces or the name of the port. If something outside of "
    "this repository creates the Service or the Pods, excuse the finding.",
    excusable=True,
    bad="""\
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  ports: [{name: http, port: 80}]
---
kind: ServiceMonitor
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]""",
    good="""\
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  ports: [{name: http, port: 80}]
---
kind: ServiceMonitor
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: http}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for monitor in monitors(view):
        found = list(_problems_of(view, monitor))
        unknown = _not_rendered(view, monitor) if found else None
        yield from [unknown] if unknown else found


def _not_rendered(view: EnvironmentView, monitor: KubeObject) -> Undetermined | None:
    for namespace in namespaces_of(view, monitor):
        if unknown := undetermined_pods(view.traffic.workloads, namespace, "monitors"):
            return unknown
    return None


def _problems_of(view: EnvironmentView, monitor: KubeObject) -> Iterator[ObjectIssue]:
    workloads = view.traffic.workloads
    of_services = monitor.id.kind == "ServiceMonitor"
    if not (services_of(view, monitor) if of_services else pods_matched(workloads, monitor)):
        yield _matches_nothing(view, monitor)
        return
    for endpoint in endpoints_of(monitor):
        if endpoint.key and not has_port(workloads, endpoint):
            yield _missing_port(view, endpoint)


def _matches_nothing(view: EnvironmentView, monitor: KubeObject) -> ObjectIssue:
    target = "Services" if monitor.id.kind == "ServiceMonitor" else "Pods"
    where = ", ".join(namespaces_of(view, monitor))
    text = f"{monitor.id} matches no {target} in {where}"
    alternatives = tuple((monitor, path) for path in _SELECTING)
    return ObjectIssue(monitor, text, ("spec", "selector"), alternatives=alternatives)


_SELECTING: tuple[Path, ...] = (("spec", "namespaceSelector"), ("metadata", "namespace"))


def _missing_port(view: EnvironmentView, endpoint: Endpoint) -> ObjectIssue:
    monitor, port = endpoint.monitor, endpoint.port
    if endpoint.of_services and endpoint.key == "port":
        services = services_of(view, monitor)
        names = [one.name for service in services for one in ports_of(service) if one.name]
        fields = list(_port_names(services))
        owners = ", ".join(str(service.id) for service in services)
    else:
        pods = _pods(view, monitor)
        names = [one.name for pod in pods for one in pod.ports if one.name]
        fields = list(port_fields(pods, "name"))
        owners = ", ".join(one.name for one in pods)
    text = (
        f"{monitor.id} reads the port {port}, which {owners or 'no Pods'} "
        f"{'do not have' if ',' in owners else 'does not have' if owners else 'have'}"
        f"{did_you_mean(str(port), names)}"
    )
    return ObjectIssue(monitor, text, (*endpoint.path, endpoint.key), alternatives=tuple(fields))


def _port_names(services: Sequence[KubeObject]) -> Iterator[tuple[KubeObject, Path]]:
    for service in services:
        for port in ports_of(service):
            yield service, ("spec", "ports", port.index, "name")


def _pods(view: EnvironmentView, monitor: KubeObject) -> list[Pods]:
    workloads = view.traffic.workloads
    if monitor.id.kind == "PodMonitor":
        return pods_matched(workloads, monitor)
    return [pods for service in services_of(view, monitor) for pods in workloads.behind(service)]
