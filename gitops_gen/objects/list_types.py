"""How the items of a list are matched: by keys, by value, or by position.

The keys of the built-in kinds are those of the struct tags in k8s.io/api, and a few more that only
make a comparison readable (RBAC subjects, claim templates). The keys of a custom resource come from
its CustomResourceDefinition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from gitops_gen.model import Values

FieldNames: TypeAlias = tuple[str, ...]
"""The path of a list, without the indexes of the lists above it."""
GroupKind: TypeAlias = tuple[str, str]


class Matching(StrEnum):
    BY_KEY = "by key"
    BY_VALUE = "by value"
    """Equal items belong together, in any order; the others are compared by position."""
    BY_POSITION = "by position"


@dataclass(frozen=True, slots=True)
class ListType:
    """`ordered` states that the order of the items has a meaning, so a new order is a change."""

    matching: Matching = Matching.BY_POSITION
    keys: tuple[str, ...] = ()
    """The fields that identify an item. In a map, a dot leads to a field of a field."""
    ordered: bool = True
    name: str = ""
    """The field that matches items with different keys, such as a port with another number."""


_BY_POSITION = ListType()
_BY_VALUE = ListType(Matching.BY_VALUE, ordered=False)


def by_key(*keys: str, ordered: bool = False, name: str = "") -> ListType:
    return ListType(Matching.BY_KEY, keys, ordered, name)


ITEM_DEFAULTS: Mapping[str, object] = MappingProxyType({"protocol": "TCP"})
"""The value of a key that an item leaves out."""

_NAME = by_key("name")
_CONTAINER: dict[str, ListType] = {
    "env": by_key("name", ordered=True),
    "ports": by_key("containerPort", "protocol", name="name"),
    "volumeMounts": by_key("mountPath"),
    "volumeDevices": by_key("devicePath"),
    "resources.claims": _NAME,
    "securityContext.capabilities.add": _BY_VALUE,
    "securityContext.capabilities.drop": _BY_VALUE,
}
_POD: dict[str, ListType] = {
    "containers": _NAME,
    "initContainers": by_key("name", ordered=True),
    "ephemeralContainers": _NAME,
    "imagePullSecrets": _NAME,
    "volumes": _NAME,
    "resourceClaims": _NAME,
    "schedulingGates": _NAME,
    "hostAliases": by_key("ip"),
    "topologySpreadConstraints": by_key("topologyKey", "whenUnsatisfiable"),
    "tolerations": _BY_VALUE,
    **{
        f"{containers}.{path}": list_type
        for containers in ("containers", "initContainers", "ephemeralContainers")
        for path, list_type in _CONTAINER.items()
    },
}
_POD_PATHS: dict[GroupKind, str] = {
    ("", "Pod"): "spec",
    ("", "PodTemplate"): "template.spec",
    ("", "ReplicationController"): "spec.template.spec",
    ("apps", "DaemonSet"): "spec.template.spec",
    ("apps", "Deployment"): "spec.template.spec",
    ("apps", "ReplicaSet"): "spec.template.spec",
    ("apps", "StatefulSet"): "spec.template.spec",
    ("batch", "CronJob"): "spec.jobTemplate.spec.template.spec",
    ("batch", "Job"): "spec.template.spec",
}
_ROLLED_OUT = frozenset(
    {("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")}
)
"""Kinds that replace their Pods for any change of the template, also for a new order of a list."""
_TEMPLATE = ("spec", "template")

_RULES: dict[str, ListType] = {
    "rules": _BY_VALUE,
    "rules.verbs": _BY_VALUE,
    "rules.resources": _BY_VALUE,
    "rules.apiGroups": _BY_VALUE,
    "rules.resourceNames": _BY_VALUE,
}
_SUBJECTS: dict[str, ListType] = {"subjects": by_key("kind", "namespace", "name")}
_WEBHOOKS: dict[str, ListType] = {
    "webhooks": _NAME,
    "webhooks.matchConditions": _NAME,
    "webhooks.rules": _BY_VALUE,
}
_EVERY_KIND: dict[str, ListType] = {
    "metadata.finalizers": _BY_VALUE,
    "metadata.ownerReferences": by_key("uid"),
    "status.conditions": by_key("type"),
}
_KINDS: dict[GroupKind, dict[str, ListType]] = {
    ("", "PersistentVolume"): {"spec.accessModes": _BY_VALUE},
    ("", "PersistentVolumeClaim"): {"spec.accessModes": _BY_VALUE},
    ("", "Service"): {
        "spec.ports": by_key("port", "protocol", name="name"),
        "spec.externalIPs": _BY_VALUE,
        "spec.loadBalancerSourceRanges": _BY_VALUE,
    },
    ("", "ServiceAccount"): {"secrets": _NAME, "imagePullSecrets": _NAME},
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): {
        "spec.matchConditions": _NAME,
        "spec.variables": by_key("name", ordered=True),
    },
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): {
        "spec.validationActions": _BY_VALUE
    },
    ("apiextensions.k8s.io", "CustomResourceDefinition"): {
        "spec.versions": _NAME,
        "spec.names.shortNames": _BY_VALUE,
        "spec.names.categories": _BY_VALUE,
        "spec.versions.additionalPrinterColumns": by_key("name"),
    },
    ("apps", "StatefulSet"): {
        "spec.volumeClaimTemplates": by_key("metadata.name"),
        "spec.volumeClaimTemplates.spec.accessModes": _BY_VALUE,
    },
    ("argoproj.io", "Application"): {
        "spec.syncPolicy.syncOptions": _BY_VALUE,
        "spec.ignoreDifferences": _BY_VALUE,
        "spec.sources": by_key("repoURL"),
    },
    ("argoproj.io", "AppProject"): {
        "spec.sourceRepos": _BY_VALUE,
        "spec.destinations": _BY_VALUE,
        "spec.clusterResourceWhitelist": _BY_VALUE,
        "spec.namespaceResourceWhitelist": _BY_VALUE,
        "spec.clusterResourceBlacklist": _BY_VALUE,
        "spec.namespaceResourceBlacklist": _BY_VALUE,
    },
    ("autoscaling", "HorizontalPodAutoscaler"): {"spec.metrics": by_key("type", "resource.name")},
    ("discovery.k8s.io", "EndpointSlice"): {"endpoints.addresses": _BY_VALUE, "ports": _NAME},
    ("networking.k8s.io", "Ingress"): {
        "spec.rules": by_key("host"),
        "spec.rules.http.paths": by_key("path", "pathType"),
        "spec.tls": _BY_VALUE,
        "spec.tls.hosts": _BY_VALUE,
    },
    ("networking.k8s.io", "NetworkPolicy"): {
        "spec.policyTypes": _BY_VALUE,
        **{
            f"spec.{direction}{lists}": _BY_VALUE
            for direction in ("ingress", "egress")
            for lists in ("", ".from", ".to", ".ports")
        },
    },
    ("rbac.authorization.k8s.io", "ClusterRole"): _RULES,
    ("rbac.authorization.k8s.io", "Role"): _RULES,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _SUBJECTS,
    ("rbac.authorization.k8s.io", "RoleBinding"): _SUBJECTS,
    ("storage.k8s.io", "CSIDriver"): {"spec.volumeLifecycleModes": _BY_VALUE},
    ("storage.k8s.io", "StorageClass"): {"mountOptions": _BY_VALUE},
}


@dataclass(frozen=True, slots=True)
class ListTypes:
    """The types of the lists of one kind. A list without an entry is compared by position."""

    types: Mapping[FieldNames, ListType] = field(default_factory=dict)
    rolled_out: bool = False
    """Whether any new order in the Pod template replaces the Pods."""

    def at(self, names: FieldNames) -> ListType:
        found = self.types.get(names, _BY_POSITION)
        if self.rolled_out and names[:2] == _TEMPLATE and not found.ordered:
            return replace(found, ordered=True)
        return found


ALL_BY_POSITION = ListTypes()


def pod_spec_path(kind: GroupKind) -> FieldNames | None:
    """The path of the Pod specification in an object of this kind, or None if it has none."""
    path = _POD_PATHS.get(kind)
    return tuple(path.split(".")) if path else None


def list_types(
    kind: GroupKind, custom: Mapping[GroupKind, Mapping[FieldNames, ListType]] | None = None
) -> ListTypes:
    """The lists of a built-in kind, or of a kind in `custom` (see `custom_lists`)."""
    if custom and kind in custom:
        return ListTypes(custom[kind])
    types = {**_EVERY_KIND, **_KINDS.get(kind, {})}
    if pod := _POD_PATHS.get(kind):
        types |= {f"{pod}.{path}": list_type for path, list_type in _POD.items()}
    split = {tuple(path.split(".")): list_type for path, list_type in types.items()}
    return ListTypes(split, kind in _ROLLED_OUT)


def custom_lists(
    definitions: Iterable[Values],
) -> dict[GroupKind, dict[FieldNames, ListType]]:
    """The lists of all kinds that these CustomResourceDefinitions define."""
    found: dict[GroupKind, dict[FieldNames, ListType]] = {}
    for definition in definitions:
        spec = _map(definition.get("spec"))
        kind = (str(spec.get("group")), str(_map(spec.get("names")).get("kind")))
        for version in _list(spec.get("versions")):
            schema = _map(_map(_map(version).get("schema")).get("openAPIV3Schema"))
            found.setdefault(kind, {}).update(_lists_of(schema, ()))
    return found


def _lists_of(
    schema: Mapping[str, Any], names: FieldNames
) -> Iterator[tuple[FieldNames, ListType]]:
    for name, child in _map(schema.get("properties")).items():
        yield from _lists_of(_map(child), (*names, name))
    if items := _map(schema.get("items")):
        if found := _declared(schema):
            yield names, found
        yield from _lists_of(items, names)


def _declared(schema: Mapping[str, Any]) -> ListType | None:
    kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys")
    if kind == "map" and isinstance(keys, list) and keys:
        return by_key(*map(str, keys), ordered=True)
    return _BY_VALUE if kind == "set" else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
