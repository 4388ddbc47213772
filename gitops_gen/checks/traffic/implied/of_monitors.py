"""Prometheus reads the metrics of Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.selectors import Labels, matches_labels
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.monitors import endpoints_of, monitored_ports, monitors
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.view import NAMESPACE, EnvironmentView, Undetermined
from gitops_gen.components.capabilities import MONITORING_NAMESPACE, is_monitored
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

PROMETHEUS = ("monitoring.coreos.com", "Prometheus")
KIND = "flows from Prometheus"


def implied(traffic: Traffic) -> Iterator[Flow | Undetermined]:
    view = traffic.view
    if not (is_monitored(view.environment) or any(view.of_kind(PROMETHEUS))):
        for _ in monitors(view):
            yield Undetermined(KIND, "no component installs Prometheus")
        return
    for monitor in monitors(view):
        sources = list(_readers(view, monitor))
        for endpoint in endpoints_of(monitor):
            for port in monitored_ports(traffic.workloads, endpoint):
                purpose = f"whose metrics {monitor.id} reads"
                for source in sources:
                    yield Flow(source, port.pods, port.number, purpose, monitor, endpoint.path)


def _readers(view: EnvironmentView, monitor: KubeObject) -> Iterator[Pods]:
    """Yields the Pods of each Prometheus that reads a monitor.

    The Prometheus of the add-on reads all of them. Its Pods and those of a rendered Prometheus are
    created by the Prometheus Operator.
    """
    if is_monitored(view.environment):
        yield Pods("Prometheus", MONITORING_NAMESPACE, Labels(complete=False))
    for item in view.of_kind(PROMETHEUS):
        if _selects(view, item, monitor):
            labels = Labels({"app.kubernetes.io/name": "prometheus"}, complete=False)
            yield Pods("Prometheus", item.id.namespace, labels)


def _selects(view: EnvironmentView, item: KubeObject, monitor: KubeObject) -> bool:
    """Whether a Prometheus selects a monitor. A selector that is not set selects nothing."""
    key = "serviceMonitor" if monitor.id.kind == "ServiceMonitor" else "podMonitor"
    selector = value_at(item.value, "spec", f"{key}Selector")
    labels = as_map(value_at(monitor.value, "metadata", "labels"))
    if not isinstance(selector, dict) or not matches_labels(selector, labels):
        return False
    namespaces = value_at(item.value, "spec", f"{key}NamespaceSelector")
    if not isinstance(namespaces, dict):
        return monitor.id.namespace == item.id.namespace
    return matches_labels(namespaces, _labels_of_namespace(view, monitor.id.namespace))


def _labels_of_namespace(view: EnvironmentView, name: str) -> Values:
    rendered = view.by_id.get(ObjectId(*NAMESPACE, "", name))
    labels = as_map(value_at(rendered.value, "metadata", "labels")) if rendered else {}
    return {**labels, "kubernetes.io/metadata.name": name}
