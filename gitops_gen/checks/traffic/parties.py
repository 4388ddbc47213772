"""Who sends and receives traffic: the Pods of a workload, or addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from gitops_gen.checks.pods import pod_labels, pod_specification
from gitops_gen.checks.selectors import Labels
from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.view import EnvironmentView, maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject

TCP = "TCP"
_NUMBERED_POD = frozenset({"statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"})
_JOB = ("batch.kubernetes.io/job-name", "job-name")
_OF_KINDS = {
    "Deployment": frozenset({"pod-template-hash"}),
    "ReplicaSet": frozenset({"pod-template-hash"}),
    "StatefulSet": _NUMBERED_POD | {"controller-revision-hash"},
    "DaemonSet": frozenset({"controller-revision-hash", "pod-template-generation"}),
    "Job": frozenset({"batch.kubernetes.io/controller-uid", "controller-uid"}),
    "CronJob": frozenset({"batch.kubernetes.io/controller-uid", "controller-uid", *_JOB}),
}
"""Labels that controllers add to the Pods of a workload, with different values."""
VARYING_LABELS = frozenset[str]().union(*_OF_KINDS.values())


@dataclass(frozen=True, slots=True)
class ContainerPort:
    number: int
    protocol: str = TCP
    name: str = ""
    path: Path = field(default=(), compare=False)
    """The path of the port in the workload."""


@dataclass(frozen=True, eq=False)
class Pods:
    """The Pods of a workload, or Pods that are not rendered and of which little is known."""

    name: str
    namespace: str
    labels: Labels
    workload: KubeObject | None = None
    """The rendered workload; None for Pods that are not rendered."""
    ports: tuple[ContainerPort, ...] = ()
    host_network: bool = False
    uses_cluster_dns: bool = True

    @classmethod
    def of(cls, workload: KubeObject, path: Path, specification: Values) -> Pods:
        policy = specification.get("dnsPolicy", "ClusterFirst")
        on_host = specification.get("hostNetwork") is True
        return cls(
            str(workload.id),
            workload.id.namespace,
            _labels(workload),
            workload,
            tuple(_ports(path, specification)),
            on_host,
            policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not on_host),
        )

    @property
    def component(self) -> str:
        return self.workload.component if self.workload else ""

    def numbers(self, port: int | str, protocol: str = TCP) -> tuple[int, ...]:
        """The numbers of a port, which may be a name that containers define."""
        if isinstance(port, int):
            return (port,)
        return tuple(
            one.number for one in self.ports if (one.name, one.protocol) == (port, protocol)
        )

    def listens(self, number: int, protocol: str = TCP) -> bool:
        """Whether a container declares the port."""
        return any((one.number, one.protocol) == (number, protocol) for one in self.ports)


@dataclass(frozen=True)
class Outside:
    """Addresses that do not belong to Pods."""

    name: str
    addresses: Addresses = field(default_factory=Addresses)
    """Empty if they are not known."""


Party: TypeAlias = Pods | Outside


def pods_of(view: EnvironmentView) -> Iterator[Pods]:
    """Yields the Pods of all rendered workloads."""
    for item in view.objects:
        found = pod_specification(item)
        if found is not None and item.id.group_kind != ("", "PodTemplate"):
            yield Pods.of(item, *found)


def _labels(workload: KubeObject) -> Labels:
    values = {key: str(text) for key, text in pod_labels(workload).items()}
    if workload.id.kind == "Job":
        values |= dict.fromkeys(_JOB, workload.id.name)
    return Labels(values, varying=_OF_KINDS.get(workload.id.kind, frozenset()))


def _ports(path: Path, specification: Values) -> Iterator[ContainerPort]:
    """Yields the ports of containers that run as long as the Pod, which include sidecars."""
    for key in ("initContainers", "containers"):
        for index, container in maps_in(specification, key):
            if key == "containers" or container.get("restartPolicy") == "Always":
                yield from _ports_of(container, (*path, key, index, "ports"))


def _ports_of(container: Values, path: Path) -> Iterator[ContainerPort]:
    for index, port in maps_in(container, "ports"):
        number, protocol = port.get("containerPort"), str(port.get("protocol") or TCP)
        if isinstance(number, int):
            yield ContainerPort(number, protocol, str(port.get("name") or ""), (*path, index))


def port_fields(pods: Iterable[Pods], key: str) -> Iterator[tuple[KubeObject, Path]]:
    """Yields the fields `containerPort` or `name` of the Pods' ports."""
    for one in pods:
        workload = one.workload
        if workload is not None:
            yield from ((workload, (*port.path, key)) for port in one.ports)
