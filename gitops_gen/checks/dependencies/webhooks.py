"""Dependencies on the Pods of admission webhooks that refuse objects when they do not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gitops_gen.checks.dependencies.dependency import Need
from gitops_gen.checks.dependencies.operation import workloads_behind
from gitops_gen.checks.dependencies.places import LAST_KIND, SyncPlace
from gitops_gen.checks.dependencies.requirement import Requirement
from gitops_gen.checks.plurals import plural_of
from gitops_gen.checks.pods import pod_labels, pod_specification
from gitops_gen.checks.selectors import matches_labels
from gitops_gen.checks.view import APP_PROJECT, NAMESPACE, EnvironmentView, maps_in
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at
from gitops_gen.objects.reading import APPLICATION

_GROUP = "admissionregistration.k8s.io"
CONFIGURATIONS = (
    (_GROUP, "MutatingWebhookConfiguration"),
    (_GROUP, "ValidatingWebhookConfiguration"),
)
_NAME_LABEL = "kubernetes.io/metadata.name"
PlaceOf: TypeAlias = Callable[[KubeObject], SyncPlace | None]


@dataclass(frozen=True, slots=True)
class AdmittedObject:
    """An object that the API server sends to webhooks: a rendered one, or a Pod of a workload."""

    item: KubeObject
    labels: Values
    need: Need
    is_namespaced: bool


Admitted: TypeAlias = Mapping[tuple[str, str], Sequence[AdmittedObject]]
"""The objects by group and plural."""


def on_webhooks(view: EnvironmentView, place: PlaceOf) -> Iterator[Requirement]:
    """Yields the dependencies of objects on the workloads of the webhooks that admit them."""
    admitted: Admitted | None = None
    for configuration in view.of_kind(*CONFIGURATIONS):
        for _, webhook in maps_in(configuration.value, "webhooks"):
            if webhook.get("failurePolicy") == "Ignore":
                continue
            if workloads := list(_workloads(view, webhook)):
                admitted = admitted if admitted is not None else _admitted(view)
                for one in _objects(view, webhook, admitted):
                    yield from _requirements(configuration, webhook, one, workloads, place)


def _workloads(view: EnvironmentView, webhook: Values) -> Iterator[KubeObject]:
    service = as_map(value_at(webhook, "clientConfig", "service"))
    identity = ObjectId("", "Service", str(service.get("namespace")), str(service.get("name")))
    if found := view.by_id.get(identity):
        yield from workloads_behind(view, found)


def _requirements(
    configuration: KubeObject,
    webhook: Values,
    admitted: AdmittedObject,
    workloads: Sequence[KubeObject],
    place: PlaceOf,
) -> Iterator[Requirement]:
    item = admitted.item
    # An expression may exclude the object.
    certain = not webhook.get("matchConditions") and _may_be_first(
        place(configuration), place(item)
    )
    need = admitted.need if certain else Need.USE
    for workload in workloads:
        yield Requirement(item, (), workload, need, configuration)


def _may_be_first(configuration: SyncPlace | None, item: SyncPlace | None) -> bool:
    """Whether the webhook may be in the cluster when the object is applied first."""
    if configuration is None or item is None:
        return False
    if configuration.application != item.application:
        return configuration.application_wave <= item.application_wave
    if configuration.in_application != item.in_application:
        return configuration.in_application < item.in_application
    return item.kind_order == LAST_KIND


# The objects that a webhook admits


def _admitted(view: EnvironmentView) -> Admitted:
    found: dict[tuple[str, str], list[AdmittedObject]] = {}
    for item in view.objects:
        kind = item.id.group_kind
        if kind in (APPLICATION, APP_PROJECT, *CONFIGURATIONS):
            continue
        labels = as_map(value_at(item.value, "metadata", "labels"))
        one = AdmittedObject(item, labels, Need.ACCEPTANCE, bool(item.id.namespace))
        found.setdefault((item.id.group, plural_of(view, item)), []).append(one)
        if kind != ("", "Pod") and pod_specification(item):
            pod = AdmittedObject(item, pod_labels(item), Need.HEALTH, is_namespaced=True)
            found.setdefault(("", "pods"), []).append(pod)
    return found


def _objects(
    view: EnvironmentView, webhook: Values, admitted: Admitted
) -> Iterator[AdmittedObject]:
    for key, objects in admitted.items():
        rules = [one for _, one in maps_in(webhook, "rules") if _is_for(one, *key)]
        if rules:
            for one in objects:
                if _is_selected(view, webhook, one) and any(_has_scope(r, one) for r in rules):
                    yield one


def _is_for(rule: Values, group: str, plural: str) -> bool:
    """Whether a rule is for the creation of a resource. The API version is converted if needed."""
    groups, plurals, operations = (
        as_list(rule.get(key)) for key in ("apiGroups", "resources", "operations")
    )
    return (
        bool({"*", "CREATE"}.intersection(map(str, operations)))
        and bool({"*", group}.intersection(map(str, groups)))
        and bool({"*", "*/*", plural}.intersection(map(str, plurals)))
    )


def _has_scope(rule: Values, one: AdmittedObject) -> bool:
    scope = str(rule.get("scope", "*"))
    return scope == "*" or (scope == "Namespaced") == one.is_namespaced


def _is_selected(view: EnvironmentView, webhook: Values, one: AdmittedObject) -> bool:
    objects, namespaces = (
        as_map(webhook.get(key)) for key in ("objectSelector", "namespaceSelector")
    )
    is_namespace = one.item.id.group_kind == NAMESPACE
    if not matches_labels(objects, one.labels):
        return False
    if not one.is_namespaced and not is_namespace:
        return True
    name = one.item.id.name if is_namespace else one.item.id.namespace
    return matches_labels(namespaces, _labels_of_namespace(view, name))


def _labels_of_namespace(view: EnvironmentView, name: str) -> Values:
    namespace = view.by_id.get(ObjectId(*NAMESPACE, "", name))
    labels = as_map(value_at(namespace.value, "metadata", "labels")) if namespace else {}
    return {_NAME_LABEL: name, **labels}
