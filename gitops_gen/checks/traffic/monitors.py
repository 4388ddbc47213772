"""The Services and Pods that monitors of the Prometheus Operator match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.checks.selectors import Labels, selected
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.services import SERVICE, Workloads, ports_of
from gitops_gen.checks.view import NAMESPACE, EnvironmentView, maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

SERVICE_MONITOR = ("monitoring.coreos.com", "ServiceMonitor")
POD_MONITOR = ("monitoring.coreos.com", "PodMonitor")


@dataclass(frozen=True, slots=True)
class MonitoredPort:
    """A port that Prometheus reads metrics from."""

    pods: Pods
    number: int


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One entry of `endpoints` or `podMetricsEndpoints` of a monitor."""

    monitor: KubeObject
    index: int
    value: Values

    @property
    def of_services(self) -> bool:
        return self.monitor.id.kind == "ServiceMonitor"

    @property
    def path(self) -> Path:
        key = "endpoints" if self.of_services else "podMetricsEndpoints"
        return ("spec", key, self.index)

    @property
    def key(self) -> str:
        """The key that chooses the port; empty if none does."""
        keys = ("port", "targetPort") if self.of_services else ("port", "portNumber", "targetPort")
        return next((key for key in keys if self.value.get(key)), "")

    @property
    def port(self) -> int | str | None:
        found = self.value.get(self.key) if self.key else None
        return found if isinstance(found, int | str) else None


def monitors(view: EnvironmentView) -> Iterator[KubeObject]:
    yield from view.of_kind(SERVICE_MONITOR, POD_MONITOR)


def endpoints_of(monitor: KubeObject) -> Iterator[Endpoint]:
    key = "endpoints" if monitor.id.kind == "ServiceMonitor" else "podMetricsEndpoints"
    for index, value in maps_in(monitor.value, "spec", key):
        yield Endpoint(monitor, index, value)


def namespaces_of(view: EnvironmentView, monitor: KubeObject) -> list[str]:
    """The namespaces in which a monitor looks for its targets."""
    chosen = as_map(value_at(monitor.value, "spec", "namespaceSelector"))
    if chosen.get("any") is True:
        rendered = {item.id.namespace for item in view.objects if item.id.namespace}
        return sorted(rendered | {item.id.name for item in view.of_kind(NAMESPACE)})
    return [str(name) for name in as_list(chosen.get("matchNames"))] or [monitor.id.namespace]


def services_of(view: EnvironmentView, monitor: KubeObject) -> list[KubeObject]:
    """The Services that a ServiceMonitor matches."""
    selector = as_map(value_at(monitor.value, "spec", "selector"))
    namespaces = set(namespaces_of(view, monitor))
    return [
        service
        for service in view.of_kind(SERVICE)
        if service.id.namespace in namespaces and selected(selector, _labels(service)).is_possible
    ]


def pods_matched(workloads: Workloads, monitor: KubeObject) -> list[Pods]:
    """The Pods that a PodMonitor matches."""
    selector = as_map(value_at(monitor.value, "spec", "selector"))
    namespaces = namespaces_of(workloads.view, monitor)
    return [pods for name in namespaces for pods in workloads.matched(selector, name)]


def monitored_ports(workloads: Workloads, endpoint: Endpoint) -> Iterator[MonitoredPort]:
    """Yields the rendered Pods and ports that Prometheus reads because of an endpoint."""
    port = endpoint.port
    if port is None:
        return
    if not endpoint.of_services:
        yield from _ports(pods_matched(workloads, endpoint.monitor), port)
        return
    for service in services_of(workloads.view, endpoint.monitor):
        pods = workloads.behind(service)
        if endpoint.key == "targetPort":
            yield from _ports(pods, port)
            continue
        for one in ports_of(service):
            if one.name == port and one.target is not None:
                yield from _ports(pods, one.target)


def has_port(workloads: Workloads, endpoint: Endpoint) -> bool:
    """Whether a matched Service, or matched Pods, have the port of an endpoint."""
    port = endpoint.port
    if endpoint.of_services and endpoint.key == "port":
        services = services_of(workloads.view, endpoint.monitor)
        return any(one.name == port for service in services for one in ports_of(service))
    return not isinstance(port, str) or any(monitored_ports(workloads, endpoint))


def _ports(pods: Sequence[Pods], port: int | str) -> Iterator[MonitoredPort]:
    for one in pods:
        yield from (MonitoredPort(one, number) for number in one.numbers(port))


def _labels(service: KubeObject) -> Labels:
    found = as_map(value_at(service.value, "metadata", "labels"))
    return Labels({key: str(text) for key, text in found.items()})
