"""The controls of the Pod Security Standard baseline, which forbids access to the node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.checks.pod_templates import CONTEXT, Control, PodTemplate, Violation, named
from gitops_gen.checks.view import maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.plain import as_list, as_map, value_at

BASELINE_CAPABILITIES = frozenset(
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
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_HANDLERS = ("httpGet", "tcpSocket")
_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


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
        if pod.field_value(key) is True:
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
            if str(added) not in BASELINE_CAPABILITIES:
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
        value = str(options.get(key) or "")
        if value not in (_SELINUX_TYPES if key == "type" else ("",)):
            text = f"{owner} sets the SELinux {key} {value}"
            yield Violation((*path, "seLinuxOptions", key), text)


def sysctls(pod: PodTemplate) -> Iterator[Violation]:
    safe = frozenset[str]().union(
        *(names for since, names in _SAFE_SYSCTLS.items() if since <= pod.minor)
    )
    for index, sysctl in maps_in(pod.specification, CONTEXT, "sysctls"):
        if str(sysctl.get("name")) not in safe:
            text = f"the Pod changes the sysctl {sysctl.get('name')}"
            yield Violation((*pod.path, CONTEXT, "sysctls", index, "name"), text)


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
