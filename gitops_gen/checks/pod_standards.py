"""The Pod Security Standards: what they require of a Pod, and the namespaces that enforce them.

Kubernetes applies the standard of the label `pod-security.kubernetes.io/enforce` of a namespace to
each Pod, not to the Deployment that creates the Pods. The controls and their names are those of
https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from gitops_gen.checks.pods import CONTAINERS, containers_of, pod_specification
from gitops_gen.checks.view import NAMESPACE, EnvironmentView, maps_in
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

ENFORCE = "pod-security.kubernetes.io/enforce"
_VERSION = re.compile(r"v1\.([0-9]{1,3})")
_NEWEST = 1000
"""The minor version that stands for `latest`."""

_CONTEXT = "securityContext"
_BASELINE_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_SAFE_SYSCTLS: Mapping[int, frozenset[str]] = {
    0: frozenset(
        {
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
        }
    ),
    27: frozenset({"net.ipv4.ip_local_reserved_ports"}),
    29: frozenset(
        {
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
        }
    ),
    32: frozenset({"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}),
}
"""The sysctls that are allowed, by the minor version that added them."""
_SELINUX_TYPES = frozenset(
    {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
)
_VOLUME_TYPES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_HANDLERS = ("httpGet", "tcpSocket")
_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Violation:
    """A field of a Pod that a control does not admit, or that it requires and that is missing."""

    path: Path
    text: str
    missing: bool = False


@dataclass(frozen=True, eq=False)
class PodTemplate:
    """The Pods of one object. `minor` is the version of the standard that is applied."""

    item: KubeObject
    path: Path
    specification: Values
    minor: int = _NEWEST

    @classmethod
    def of(cls, item: KubeObject, minor: int = _NEWEST) -> PodTemplate | None:
        found = pod_specification(item)
        return cls(item, *found, minor) if found else None

    @cached_property
    def containers(self) -> Sequence[tuple[Path, Values]]:
        return list(containers_of(self.item))

    @property
    def is_windows(self) -> bool:
        """Whether the controls for Linux do not apply."""
        return str(self.at("os", "name")) == "windows"

    @property
    def has_user_namespace(self) -> bool:
        """Whether root in its containers is not root on the node."""
        return self.specification.get("hostUsers") is False

    def at(self, *path: str | int) -> Any:
        return value_at(self.specification, *path)

    def contexts(self) -> Iterator[tuple[Path, str, Values]]:
        """Yields the security contexts that exist, each with its path and what it belongs to."""
        pod = self.at(_CONTEXT)
        if isinstance(pod, dict):
            yield (*self.path, _CONTEXT), "the Pod", pod
        for path, container in self.containers:
            context = container.get(_CONTEXT)
            if isinstance(context, dict):
                yield (*path, _CONTEXT), named(path, container), context


_KINDS_OF_CONTAINERS = dict(
    zip(CONTAINERS, ("init container", "container", "ephemeral container"), strict=True)
)


def named(path: Path, container: Values) -> str:
    """The name of a container at a path, for messages."""
    return f"the {_KINDS_OF_CONTAINERS[str(path[-2])]} {container.get('name')}"


Control: TypeAlias = Callable[[PodTemplate], Iterator[Violation]]


# The controls of the standard baseline


def privileged(pod: PodTemplate) -> Iterator[Violation]:
    for path, owner, context in pod.contexts():
        if context.get("privileged") is True:
            yield Violation((*path, "privileged"), f"{owner} is privileged")
        if value_at(context, "windowsOptions", "hostProcess") is True:
            yield Violation(
                (*path, "windowsOptions", "hostProcess"), f"{owner} runs as a process of the node"
            )
        mount = context.get("procMount")
        if mount not in (None, "Default") and not pod.has_user_namespace:
            yield Violation((*path, "procMount"), f"{owner} has the procMount {mount}")


def host_namespaces(pod: PodTemplate) -> Iterator[Violation]:
    for key, shared in (("hostNetwork", "network"), ("hostPID", "processes"), ("hostIPC", "IPC")):
        if pod.at(key) is True:
            yield Violation((*pod.path, key), f"the Pod shares the {shared} of the node ({key})")


def host_path_volumes(pod: PodTemplate) -> Iterator[Violation]:
    for index, volume in maps_in(pod.specification, "volumes"):
        if volume.get("hostPath") is not None:
            place = value_at(volume, "hostPath", "path")
            text = f"the volume {volume.get('name')} is the folder {place} of the node (hostPath)"
            yield Violation((*pod.path, "volumes", index, "hostPath"), text)


def host_ports(pod: PodTemplate) -> Iterator[Violation]:
    for path, container in pod.containers:
        for index, port in maps_in(container, "ports"):
            if port.get("hostPort"):
                text = f"{named(path, container)} uses the port {port['hostPort']} of the node"
                yield Violation((*path, "ports", index, "hostPort"), f"{text} (hostPort)")


def hosts_of_probes(pod: PodTemplate) -> Iterator[Violation]:
    """Since 1.34, no probe and no hook may connect to another host than the Pod."""
    for path, container in pod.containers if pod.minor >= 34 else ():
        for place in (*((probe,) for probe in _PROBES), *(("lifecycle", one) for one in _HOOKS)):
            for handler in _HANDLERS:
                if host := value_at(container, *place, handler, "host"):
                    text = f"{named(path, container)} has a {place[-1]} that connects to {host}"
                    yield Violation((*path, *place, handler, "host"), text)


def added_capabilities(pod: PodTemplate) -> Iterator[Violation]:
    for path, owner, context in pod.contexts():
        for index, added in enumerate(as_list(value_at(context, "capabilities", "add"))):
            if added not in _BASELINE_CAPABILITIES:
                yield Violation(
                    (*path, "capabilities", "add", index), f"{owner} adds the capability {added}"
                )


def unconfined(pod: PodTemplate) -> Iterator[Violation]:
    """The controls seccomp, AppArmor and SELinux."""
    for path, owner, context in pod.contexts():
        if value_at(context, "seccompProfile", "type") == "Unconfined":
            yield Violation((*path, "seccompProfile", "type"), f"{owner} has no seccomp profile")
        if value_at(context, "appArmorProfile", "type") == "Unconfined":
            yield Violation((*path, "appArmorProfile", "type"), f"{owner} has no AppArmor profile")
        yield from _selinux(path, owner, as_map(context.get("seLinuxOptions")))
    above = pod.path[:-1]
    annotations = as_map(value_at(pod.item.value, *above, "metadata", "annotations"))
    for key, profile in annotations.items():
        if key.startswith(_ANNOTATION) and profile == "unconfined":
            text = f"the container {key.removeprefix(_ANNOTATION)} has no AppArmor profile"
            yield Violation((*above, "metadata", "annotations", key), text)


def _selinux(path: Path, owner: str, options: Values) -> Iterator[Violation]:
    for key in ("user", "role", "type"):
        value = options.get(key) or ""
        if value not in (_SELINUX_TYPES if key == "type" else ("",)):
            text = f"{owner} sets the SELinux {key} {value}"
            yield Violation((*path, "seLinuxOptions", key), text)


def sysctls(pod: PodTemplate) -> Iterator[Violation]:
    safe = frozenset[str]().union(
        *(names for since, names in _SAFE_SYSCTLS.items() if since <= pod.minor)
    )
    for index, sysctl in maps_in(pod.specification, _CONTEXT, "sysctls"):
        if sysctl.get("name") not in safe:
            text = f"the Pod changes the sysctl {sysctl.get('name')}"
            yield Violation((*pod.path, _CONTEXT, "sysctls", index, "name"), text)


# The controls that the standard restricted adds


def volume_types(pod: PodTemplate) -> Iterator[Violation]:
    for index, volume in maps_in(pod.specification, "volumes"):
        for key in volume.keys() - _VOLUME_TYPES - {"name", "hostPath"}:
            text = f"the volume {volume.get('name')} has the type {key}"
            yield Violation((*pod.path, "volumes", index, key), text)


def privilege_escalation(pod: PodTemplate) -> Iterator[Violation]:
    for path, container in () if pod.is_windows else pod.containers:
        value = value_at(container, _CONTEXT, "allowPrivilegeEscalation")
        # The API server refuses false for a privileged container, which another control reports.
        if value is not False and value_at(container, _CONTEXT, "privileged") is not True:
            text = f"{named(path, container)} does not set allowPrivilegeEscalation to false"
            field = (*path, _CONTEXT, "allowPrivilegeEscalation")
            yield Violation(field, text, value is None)


def root_user(pod: PodTemplate) -> Iterator[Violation]:
    """The controls runAsNonRoot and runAsUser."""
    if pod.has_user_namespace:
        return
    for path, owner, context in pod.contexts():
        if context.get("runAsUser") == 0:
            yield Violation((*path, "runAsUser"), f"{owner} runs as root (runAsUser: 0)")
    of_pod = pod.at(_CONTEXT, "runAsNonRoot")
    for path, container in pod.containers:
        value = value_at(container, _CONTEXT, "runAsNonRoot")
        if value is not True and (value is False or of_pod is not True):
            text = f"{named(path, container)} does not set runAsNonRoot to true"
            # A Pod can state it once for all containers.
            owner = pod.path if value is None else path
            missing = value is None and of_pod is None
            yield Violation((*owner, _CONTEXT, "runAsNonRoot"), text, missing)


def seccomp_profile(pod: PodTemplate) -> Iterator[Violation]:
    of_pod = pod.at(_CONTEXT, "seccompProfile", "type")
    for path, container in () if pod.is_windows else pod.containers:
        value = value_at(container, _CONTEXT, "seccompProfile", "type")
        # The control of the standard baseline reports Unconfined.
        if value is None and of_pod is None:
            text = f"{named(path, container)} has no seccompProfile"
            yield Violation((*pod.path, _CONTEXT, "seccompProfile"), text, missing=True)


def capabilities(pod: PodTemplate) -> Iterator[Violation]:
    for path, container in () if pod.is_windows else pod.containers:
        found = as_map(value_at(container, _CONTEXT, "capabilities"))
        place = (*path, _CONTEXT, "capabilities")
        if "ALL" not in as_list(found.get("drop")):
            text = f"{named(path, container)} does not drop the capabilities ALL"
            yield Violation((*place, "drop"), text, not found.get("drop"))
        for index, added in enumerate(as_list(found.get("add"))):
            # Another control reports capabilities that the standard baseline does not admit.
            if added in _BASELINE_CAPABILITIES - {"NET_BIND_SERVICE"}:
                text = f"{named(path, container)} adds the capability {added}"
                yield Violation((*place, "add", index), text)


BASELINE: tuple[Control, ...] = (
    privileged,
    host_namespaces,
    host_path_volumes,
    host_ports,
    hosts_of_probes,
    added_capabilities,
    unconfined,
    sysctls,
)
RESTRICTED: tuple[Control, ...] = (
    volume_types,
    privilege_escalation,
    root_user,
    seccomp_profile,
    capabilities,
)
STRICTEST = (*BASELINE, *RESTRICTED)
_CONTROLS: Mapping[str, tuple[Control, ...]] = {"baseline": BASELINE}


# Namespaces


@dataclass(frozen=True, slots=True)
class EnforcedStandard:
    """The standard that the label of a namespace enforces."""

    namespace: KubeObject
    level: str
    minor: int

    @property
    def controls(self) -> tuple[Control, ...]:
        """The controls. Kubernetes applies `restricted` if the level is not valid."""
        return () if self.level == "privileged" else _CONTROLS.get(self.level, STRICTEST)


def enforced_standard(view: EnvironmentView, item: KubeObject) -> EnforcedStandard | None:
    """The standard that is enforced for the Pods of an object; None if that is not known."""
    namespace = view.by_id.get(ObjectId(*NAMESPACE, "", item.id.namespace))
    labels = as_map(value_at(namespace.value, "metadata", "labels")) if namespace else {}
    if namespace is None or ENFORCE not in labels:
        return None
    match = _VERSION.fullmatch(str(labels.get(f"{ENFORCE}-version")))
    return EnforcedStandard(namespace, str(labels[ENFORCE]), int(match[1]) if match else _NEWEST)
