"""Prometheus reads the metrics of Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.selectors import Labels
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.monitors import endpoints_of, monitored_ports, monitors
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.view import EnvironmentView, Undetermined
from gitops_gen.components.capabilities import MONITORING_NAMESPACE, is_monitored

PROMETHEUS = ("monitoring.coreos.com", "Prometheus")
KIND = "flows from Prometheus"


def implied(traffic: Traffic) -> Iterator[Flow | Undetermined]:
    sources = prometheus(traffic.view)
    for monitor in monitors(traffic.view):
        if not sources:
            yield Undetermined(KIND, "no component installs Prometheus")
            continue
        for endpoint in endpoints_of(monitor):
            for port in monitored_ports(traffic.workloads, endpoint):
                purpose = f"whose metrics {monitor.id} reads"
                for source in sources:
                    yield Flow(source, port.pods, port.number, purpose, monitor, endpoint.path)


def prometheus(view: EnvironmentView) -> list[Pods]:
    """The Pods of Prometheus, which the Prometheus Operator creates."""
    found = [
        Pods(
            "Prometheus",
            item.id.namespace,
            Labels({"app.kubernetes.io/name": "prometheus"}, complete=False),
        )
        for item in view.of_kind(PROMETHEUS)
    ]
    if found or not is_monitored(view.environment):
        return found
    return [Pods("Prometheus", MONITORING_NAMESPACE, Labels(complete=False))]
