"""What the objects of a namespace count for a ResourceQuota."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from gitops_gen.checks.capacity.amounts import quantity
from gitops_gen.checks.capacity.pod_sets import Capacity, PodSet
from gitops_gen.checks.plurals import plural_of
from gitops_gen.checks.view import EnvironmentView, maps_in
from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at

RESOURCE_QUOTA = ("", "ResourceQuota")
_CLAIM = ("", "PersistentVolumeClaim")
_SERVICE = ("", "Service")
_OF_CLASS = ".storageclass.storage.k8s.io/"
_STORAGE = "requests.storage"
_CLAIMS = "persistentvolumeclaims"
_COUNTED = re.compile(r"count/([a-z0-9-]+)(?:\.([a-z0-9.-]+))?")
_COUNTED_BY_NAME = frozenset(
    {"configmaps", _CLAIMS, "replicationcontrollers", "resourcequotas", "secrets", "services"}
)
_SERVICE_TYPES = {"services.loadbalancers": "LoadBalancer", "services.nodeports": "NodePort"}
_SCOPES = {"Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass"}


@dataclass(frozen=True, eq=False, slots=True)
class Share:
    """What one object counts for a resource."""

    item: KubeObject
    least: Decimal
    """The amount that is always in use."""
    step: Decimal
    """The additional amount without which an update or a Job does not continue."""
    peak: Decimal
    """The highest amount at the same time."""


@dataclass(frozen=True, eq=False)
class NamespaceDemand:
    """The objects of one namespace."""

    view: EnvironmentView
    capacity: Capacity
    namespace: str

    def shares(self, quota: KubeObject, resource: str) -> Sequence[Share] | None:
        """Returns what the objects count; None for a resource or a scope that is not known."""
        if selectors_of(quota) is None:
            return None
        if of_pods(resource):
            return [_of_pods(one, resource) for one in self.pod_sets(quota)]
        if resource in (_STORAGE, _CLAIMS) or _OF_CLASS in resource:
            return list(self._of_claims(resource))
        return self._of_objects(resource)

    def pod_sets(self, quota: KubeObject) -> Iterator[PodSet]:
        """Yields the Pods that a quota counts. Those of DaemonSets depend on the nodes."""
        for one in self.capacity.by_namespace.get(self.namespace, ()):
            if all(_is_in_scope(one, selector) for selector in selectors_of(quota) or ()):
                yield one

    def _of_claims(self, resource: str) -> Iterator[Share]:
        storage_class, _, name = resource.rpartition(_OF_CLASS)
        for item, claim, number in self._claims:
            if storage_class and value_at(claim, "spec", "storageClassName") != storage_class:
                continue
            written = value_at(claim, "spec", "resources", "requests", "storage")
            each = Decimal(1) if name == _CLAIMS else quantity(written) or Decimal(0)
            yield Share(item, each * number, Decimal(0), each * number)

    @cached_property
    def _claims(self) -> Sequence[tuple[KubeObject, Values, int]]:
        """The claims and claim templates, with the number of claims."""
        found = [(one, one.value, 1) for one in self._objects if one.id.group_kind == _CLAIM]
        for one in self.capacity.by_namespace.get(self.namespace, ()):
            for _, template in maps_in(one.item.value, "spec", "volumeClaimTemplates"):
                found.append((one.item, template, one.most))
        return found

    def _of_objects(self, resource: str) -> Sequence[Share] | None:
        kind = _COUNTED.fullmatch(resource)
        plural, group = (kind[1], kind[2] or "") if kind else (resource, "")
        types = {"services.loadbalancers": "LoadBalancer", "services.nodeports": "NodePort"}
        if resource in types:
            services = (one for one in self._objects if one.id.group_kind == _SERVICE)
            found = [
                one for one in services if value_at(one.value, "spec", "type") == types[resource]
            ]
        elif kind or resource in _COUNTED_BY_NAME:
            found = self._by_plural.get((group, plural), [])
        else:
            return None
        return [Share(one, Decimal(1), Decimal(0), Decimal(1)) for one in found]

    def _services(self, of_type: str) -> Iterator[KubeObject]:
        for one in self._objects:
            if one.id.group_kind == _SERVICE and value_at(one.value, "spec", "type") == of_type:
                yield one

    @cached_property
    def _by_plural(self) -> Mapping[tuple[str, str], list[KubeObject]]:
        found: dict[tuple[str, str], list[KubeObject]] = {}
        for item in self._objects:
            found.setdefault((item.id.group, plural_of(self.view, item)), []).append(item)
        return found

    @cached_property
    def _objects(self) -> Sequence[KubeObject]:
        return [one for one in self.view.objects if one.id.namespace == self.namespace]


def of_pods(resource: str) -> bool:
    """Whether Pods count for a resource of a quota."""
    if resource in ("pods", "count/pods"):
        return True
    kind, _, name = resource.partition(".")
    if kind in ("requests", "limits") and name:
        return name != "storage"
    return resource in ("cpu", "memory", "ephemeral-storage") or resource.startswith("hugepages-")


def each_pod(one: PodSet, resource: str) -> Decimal:
    if resource in ("pods", "count/pods"):
        return Decimal(1)
    kind, _, name = resource.partition(".")
    if kind not in ("requests", "limits"):
        kind, name = "requests", resource
    return one.resources.whole.of(kind).get(name, Decimal(0))


def _of_pods(one: PodSet, resource: str) -> Share:
    each = each_pod(one, resource)
    return Share(one.item, each * one.least, each * one.step, each * one.peak)


# Scopes


def selectors_of(quota: KubeObject) -> Sequence[Values] | None:
    """Returns the requirements of a quota's scopes; None if one is not known."""
    spec = quota.value.get("spec")
    found = [
        {"scopeName": name, "operator": "Exists"} for name in as_list(value_at(spec, "scopes"))
    ]
    found += [one for _, one in maps_in(spec, "scopeSelector", "matchExpressions")]
    return found if all(one.get("scopeName") in _SCOPES for one in found) else None


def _is_in_scope(one: PodSet, selector: Values) -> bool:
    name = str(selector.get("scopeName"))
    if name == "PriorityClass":
        return _has_priority(one, selector)
    if name in ("BestEffort", "NotBestEffort"):
        return one.resources.is_best_effort == (name == "BestEffort")
    is_terminating = one.specification.get("activeDeadlineSeconds") is not None
    return is_terminating == (name == "Terminating")


def _has_priority(one: PodSet, selector: Values) -> bool:
    found = one.specification.get("priorityClassName")
    operator = str(selector.get("operator"))
    if operator in ("In", "NotIn"):
        return (found in as_list(selector.get("values"))) == (operator == "In")
    return bool(found) == (operator == "Exists")
