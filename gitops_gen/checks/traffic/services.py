"""The Pods and ports behind Services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.selectors import selected
from gitops_gen.checks.traffic.parties import TCP, VARYING_LABELS, Pods, pods_of
from gitops_gen.checks.view import EnvironmentView, Undetermined, maps_in, not_hydrated_reason
from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

SERVICE = ("", "Service")
_WITHOUT_PODS = frozenset(
    {
        *("argoproj.io", "cert-manager.io", "acme.cert-manager.io", "external-secrets.io"),
        *("elbv2.k8s.aws", "karpenter.sh", "karpenter.k8s.aws"),
    }
)
"""API groups of custom resources that create no Pods with Services."""
_PROMETHEUS_KINDS = frozenset({"Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"})
"""The kinds of the Prometheus Operator that create Pods."""


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port of a Service."""

    index: int
    value: Values

    @property
    def number(self) -> int | None:
        found = self.value.get("port")
        return found if isinstance(found, int) else None

    @property
    def name(self) -> str:
        return str(self.value.get("name") or "")

    @property
    def protocol(self) -> str:
        return str(self.value.get("protocol") or TCP)

    @property
    def target(self) -> int | str | None:
        """The number or the name of the port of the Pods. It is the Service's port by default."""
        found = self.value.get("targetPort")
        return found if isinstance(found, int | str) and found not in ("", 0) else self.number

    def __str__(self) -> str:
        return f"{self.number} ({self.name})" if self.name else str(self.number)

    def is_called(self, port: object) -> bool:
        """Whether a number or a name refers to this port."""
        return port in (self.number, self.name) and port not in (None, "")


def ports_of(service: KubeObject) -> list[ServicePort]:
    return [ServicePort(index, value) for index, value in maps_in(service.value, "spec", "ports")]


def selector_of(service: KubeObject) -> Values:
    """The selector; empty if the Service has none, or is of the type ExternalName."""
    spec = as_map(service.value.get("spec"))
    return {} if spec.get("type") == "ExternalName" else as_map(spec.get("selector"))


@dataclass(frozen=True, eq=False)
class Workloads:
    """The Pods of an environment, by what selects them."""

    view: EnvironmentView

    @cached_property
    def all(self) -> tuple[Pods, ...]:
        return tuple(pods_of(self.view))

    @cached_property
    def _by_namespace(self) -> Mapping[str, Sequence[Pods]]:
        found: dict[str, list[Pods]] = {}
        for pods in self.all:
            found.setdefault(pods.namespace, []).append(pods)
        return found

    def in_namespace(self, name: str) -> Sequence[Pods]:
        return self._by_namespace.get(name, ())

    def matched(self, selector: Values, namespace: str) -> Iterator[Pods]:
        """Yields the Pods that a LabelSelector matches."""
        for pods in self._candidates(selector, namespace):
            if selected(selector, pods.labels).is_possible:
                yield pods

    def _candidates(self, selector: Values, namespace: str) -> Sequence[Pods]:
        """The Pods with the first label of a selector, so that not all Pods are compared."""
        for key, text in as_map(selector.get("matchLabels")).items():
            if key not in VARYING_LABELS and isinstance(text, str):
                return self._by_label.get((namespace, key, text), ())
        return self.in_namespace(namespace)

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str, str], Sequence[Pods]]:
        found: dict[tuple[str, str, str], list[Pods]] = {}
        for pods in self.all:
            for key, text in pods.labels.values.items():
                found.setdefault((pods.namespace, key, text), []).append(pods)
        return found

    def behind(self, service: KubeObject) -> list[Pods]:
        """The Pods that a Service selects."""
        selector = selector_of(service)
        labels = {"matchLabels": selector}
        return list(self.matched(labels, service.id.namespace)) if selector else []

    def not_rendered(self, namespace: str) -> str | None:
        """Why a namespace may have Pods that are not rendered; None if it has no others."""
        if owner := self.view.possible_owner(ObjectId("", "Pod", namespace, "")):
            return not_hydrated_reason(owner)
        if namespace in never_owned():
            return f"the cluster runs Pods in the namespace {namespace}, which are not rendered"
        for item in self.view.objects:
            if item.id.namespace == namespace and _may_create_pods(item):
                return f"a controller may create Pods for objects such as {item.id}"
        return None

    def listening(self, pods: Sequence[Pods], port: int) -> Sequence[Pods]:
        """Those of the Pods that declare the port, or all if none does."""
        return [one for one in pods if one.listens(port)] or pods


def undetermined_pods(workloads: Workloads, namespace: str, kind: str) -> Undetermined | None:
    reason = workloads.not_rendered(namespace)
    return Undetermined(kind, reason) if reason else None


def _may_create_pods(item: KubeObject) -> bool:
    """Whether an object is a custom resource for which an operator may create Pods."""
    group, kind = item.id.group_kind
    if "." not in group or group.endswith(".k8s.io") or group in _WITHOUT_PODS:
        return kind == "Rollout" and group == "argoproj.io"
    return group != "monitoring.coreos.com" or kind in _PROMETHEUS_KINDS


def is_headless(service: KubeObject) -> bool:
    return bool(value_at(service.value, "spec", "clusterIP") == "None")
