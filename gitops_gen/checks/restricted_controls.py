"""The controls that the Pod Security Standard restricted adds to those of baseline."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import BASELINE_CAPABILITIES
from gitops_gen.checks.pod_templates import CONTEXT, Control, PodTemplate, Violation, named
from gitops_gen.checks.view import maps_in
from gitops_gen.objects.plain import as_list, as_map, value_at

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


def volume_types(pod: PodTemplate) -> Iterator[Violation]:
    for index, volume in maps_in(pod.specification, "volumes"):
        for key in volume.keys() - _VOLUME_TYPES - {"name", "hostPath"}:
            text = f"the volume {volume.get('name')} has the type {key}"
            yield Violation((*pod.path, "volumes", index, key), text)


def privilege_escalation(pod: PodTemplate) -> Iterator[Violation]:
    for path, container in () if pod.is_windows else pod.containers:
        value = value_at(container, CONTEXT, "allowPrivilegeEscalation")
        # The API server refuses false for a privileged container, which another control reports.
        if value is not False and value_at(container, CONTEXT, "privileged") is not True:
            text = f"{named(path, container)} does not set allowPrivilegeEscalation to false"
            field = (*path, CONTEXT, "allowPrivilegeEscalation")
            yield Violation(field, text, value is None)


def root_user(pod: PodTemplate) -> Iterator[Violation]:
    """The controls runAsNonRoot and runAsUser."""
    if pod.has_user_namespace:
        return
    for path, owner, context in pod.contexts():
        if context.get("runAsUser") == 0:
            yield Violation((*path, "runAsUser"), f"{owner} runs as root (runAsUser: 0)")
    of_pod = pod.field_value(CONTEXT, "runAsNonRoot")
    for path, container in pod.containers:
        value = value_at(container, CONTEXT, "runAsNonRoot")
        if value is not True and (value is False or of_pod is not True):
            text = f"{named(path, container)} does not set runAsNonRoot to true"
            # A Pod can state it once for all containers.
            place = pod.path if value is None else path
            missing = value is None and of_pod is None
            yield Violation((*place, CONTEXT, "runAsNonRoot"), text, missing)


def seccomp_profile(pod: PodTemplate) -> Iterator[Violation]:
    of_pod = pod.field_value(CONTEXT, "seccompProfile", "type")
    for path, container in () if pod.is_windows else pod.containers:
        value = value_at(container, CONTEXT, "seccompProfile", "type")
        # The control of the standard baseline reports Unconfined.
        if value is None and of_pod is None:
            text = f"{named(path, container)} has no seccompProfile"
            yield Violation((*pod.path, CONTEXT, "seccompProfile"), text, missing=True)


def capabilities(pod: PodTemplate) -> Iterator[Violation]:
    for path, container in () if pod.is_windows else pod.containers:
        found = as_map(value_at(container, CONTEXT, "capabilities"))
        place = (*path, CONTEXT, "capabilities")
        if "ALL" not in as_list(found.get("drop")):
            text = f"{named(path, container)} does not drop the capabilities ALL"
            yield Violation((*place, "drop"), text, not found.get("drop"))
        for index, added in enumerate(as_list(found.get("add"))):
            # Another control reports capabilities that the standard baseline does not admit.
            if str(added) in BASELINE_CAPABILITIES - {"NET_BIND_SERVICE"}:
                text = f"{named(path, container)} adds the capability {added}"
                yield Violation((*place, "add", index), text)


RESTRICTED: tuple[Control, ...] = (
    volume_types,
    privilege_escalation,
    root_user,
    seccomp_profile,
    capabilities,
)
