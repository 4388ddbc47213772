"""What the classes of changes ask about an environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gitops_gen.changes.result import ObjectDifference, RemovalResult
from gitops_gen.changes.trees import Objects, is_bootstrap
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.list_types import pod_spec_path
from gitops_gen.objects.plain import as_list, as_map, value_at
from gitops_gen.objects.projects import admits
from gitops_gen.objects.reading import APPLICATION, destination_namespace
from gitops_gen.render.hydrate.protection import RESOURCE_POLICY, option, options

APP_PROJECT = ("argoproj.io", "AppProject")
NAMESPACE = ("", "Namespace")
_CREATE_NAMESPACE = "CreateNamespace=true"
_OF_KUBERNETES = ("argocd", "default", "kube-node-lease", "kube-public", "kube-system")
"""The namespaces of every cluster in which Argo CD runs."""
_FINALIZER = "resources-finalizer.argocd.argoproj.io"


@dataclass(frozen=True, eq=False)
class EnvironmentContext:
    """Both trees of an environment, and all differences between them."""

    base: Objects
    head: Objects
    differences: Sequence[ObjectDifference]
    is_removed: bool = False
    """Whether the environment no longer exists in the head."""

    def removal(self, item: KubeObject) -> RemovalResult:
        """What happens in the cluster to an object of the base that is no longer in Git."""
        wanted = self.removal_if_admitted(item)
        if wanted.is_deleted and not wanted.with_namespace and self.is_no_longer_admitted(item):
            return RemovalResult(False, "its AppProject no longer admits it")
        return wanted

    def is_no_longer_admitted(self, item: KubeObject) -> bool:
        """Whether the AppProject of the head no longer admits an object of the base."""
        application = self.application(self.base, item.component)
        name = str(value_at(application.value, "spec", "project")) if application else ""
        before, after = (_by_name(tree, APP_PROJECT).get(name) for tree in (self.base, self.head))
        if before is None or after is None:
            return False
        admitted = admits(before.value, application, item)
        return admitted and not admits(after.value, application, item)

    def refusing_project(self, item: KubeObject) -> str:
        """The name of the AppProject of the head that does not admit an object of the head.

        It is empty if the object is admitted, or if its Application or AppProject is not known.
        """
        return self._refusing_project(self.head, item)

    def is_refused_in_base(self, item: KubeObject) -> bool:
        """Whether the AppProject of the base does not admit the object either."""
        return bool(self._refusing_project(self.base, item))

    def _refusing_project(self, tree: Objects, item: KubeObject) -> str:
        application = self._owner(tree, item)
        name = str(value_at(application.value, "spec", "project")) if application else ""
        project = _by_name(tree, APP_PROJECT).get(name)
        is_admitted = project is None or admits(project.value, application, item)
        return "" if is_admitted else name

    def _owner(self, tree: Objects, item: KubeObject) -> KubeObject | None:
        """The Application that applies an object. The root Application applies the others."""
        if item.id.group_kind not in (APPLICATION, APP_PROJECT):
            return self.application(tree, item.component)
        roots = (one for one in self._applications(tree).values() if is_bootstrap(one))
        return None if is_bootstrap(item) else next(roots, None)

    @cached_property
    def known_namespaces(self) -> frozenset[str]:
        """The namespaces that the revisions create, use or name in an AppProject."""
        items = (*self.base.values(), *self.head.values())
        created = {item.id.name for item in items if item.id.group_kind == NAMESPACE}
        used = {item.id.namespace for item in self.base.values()}
        by_argocd = {
            destination_namespace(one)
            for one in self._head_applications.values()
            if _CREATE_NAMESPACE
            in as_list(value_at(one.value, "spec", "syncPolicy", "syncOptions"))
        }
        return frozenset({*created, *used, *by_argocd, *self._destinations, *_OF_KUBERNETES})

    @property
    def _destinations(self) -> Iterator[str]:
        for project in _by_name(self.head, APP_PROJECT).values():
            for one in as_list(value_at(project.value, "spec", "destinations")):
                yield str(value_at(one, "namespace"))

    def removal_if_admitted(self, item: KubeObject) -> RemovalResult:
        """What Argo CD would do with the object if its AppProject still admitted it."""
        if self.is_removed:
            return RemovalResult(
                False, "the folder of the root Application is gone, which Argo CD reports"
            )
        namespace = self.removed_namespaces.get(item.id.namespace)
        if namespace is not None and item.id != namespace.id:
            return RemovalResult(
                True, f"its Namespace {item.id.namespace} is deleted", with_namespace=True
            )
        return self._own_removal(item)

    def _own_removal(self, item: KubeObject) -> RemovalResult:
        application = self.application(self.head, item.component)
        of_root = item.id.group_kind in (APPLICATION, APP_PROJECT)
        name = "Prune" if application or of_root else "Delete"
        annotations = as_map(value_at(item.value, "metadata", "annotations"))
        stated = option(annotations, name)
        if stated == "false":
            return RemovalResult(False, f"{name}=false")
        if name == "Delete" and (kept := self._kept_with_application(item, annotations)):
            return RemovalResult(False, kept)
        if name == "Prune" and not self._prunes(application):
            return RemovalResult(False, "its Application does not prune")
        condition = f"after a user confirms it ({name}=confirm)" if stated == "confirm" else ""
        return RemovalResult(True, condition)

    def _kept_with_application(self, item: KubeObject, annotations: Values) -> str:
        """Why the object stays when its Application is deleted; empty if it does not."""
        if "keep" in options(annotations, RESOURCE_POLICY):
            return f"{RESOURCE_POLICY}: keep"
        if item.id.kind == "CustomResourceDefinition":
            return "Argo CD does not delete CRDs with their Application"
        before = self.application(self.base, item.component)
        finalizers = as_list(value_at(before.value, "metadata", "finalizers")) if before else []
        return "" if _FINALIZER in finalizers else f"Application {item.component} has no finalizer"

    def _prunes(self, application: KubeObject | None) -> bool:
        if application is None:
            return True
        return value_at(application.value, "spec", "syncPolicy", "automated", "prune") is True

    @cached_property
    def removed_namespaces(self) -> Mapping[str, KubeObject]:
        """The Namespaces that Argo CD deletes, by name."""
        removed = (one.removed for one in self.differences)
        return {
            item.id.name: item
            for item in removed
            if item is not None
            and item.id.group_kind == NAMESPACE
            and self._own_removal(item).is_deleted
            and not self.is_no_longer_admitted(item)
        }

    def application(self, tree: Objects, component: str) -> KubeObject | None:
        return self._applications(tree).get(component)

    def _applications(self, tree: Objects) -> Mapping[str, KubeObject]:
        return self._base_applications if tree is self.base else self._head_applications

    @cached_property
    def _base_applications(self) -> Mapping[str, KubeObject]:
        return _by_name(self.base, APPLICATION)

    @cached_property
    def _head_applications(self) -> Mapping[str, KubeObject]:
        return _by_name(self.head, APPLICATION)

    def of_kind(self, tree: Objects, *kinds: tuple[str, str]) -> Iterator[KubeObject]:
        return (item for key, item in tree.items() if key.group_kind in kinds)

    def selected_pods(self, tree: Objects, namespace: str, service: Values) -> list[KubeObject]:
        """The workloads whose Pods a Service or a PodDisruptionBudget of the namespace selects.

        The namespace is that of the cluster: a manifest may leave it to its Application.
        """
        selector = as_map(value_at(service, "spec", "selector"))
        labels = as_map(selector.get("matchLabels")) if "matchLabels" in selector else selector
        return self.labelled(tree, namespace, labels) if labels else []

    def labelled(
        self, tree: Objects, namespace: str, labels: Mapping[str, Any]
    ) -> list[KubeObject]:
        """The workloads in a namespace whose Pods have these labels, or all without labels."""
        return [
            item
            for item in self.of_kind(tree, *WORKLOADS)
            if item.id.namespace == namespace and _has_labels(item.value, labels)
        ]

    def leaving(self, policy: ObjectDifference) -> list[KubeObject]:
        """The workloads whose Pods a changed NetworkPolicy no longer selects."""
        return self._selected_only(self.head, policy, policy.old, policy.new)

    def joining(self, policy: ObjectDifference) -> list[KubeObject]:
        """The running workloads whose Pods only the changed NetworkPolicy selects."""
        return self._selected_only(self.base, policy, policy.new, policy.old)

    def _selected_only(
        self, tree: Objects, policy: ObjectDifference, selecting: Values, compared: Values
    ) -> list[KubeObject]:
        """The workloads that one form of the policy selects and the other one does not."""
        path = ("spec", "podSelector", "matchLabels")
        labels, compared_labels = (as_map(value_at(one, *path)) for one in (selecting, compared))
        found = self.labelled(tree, policy.id.namespace, labels)
        return [item for item in found if not _has_labels(item.value, compared_labels)]

    def has_upstream_chart(self, tree: Objects, namespace: str) -> bool:
        """Whether a chart, whose objects are not in Git, is installed in the namespace."""
        return any(
            destination_namespace(item) == namespace
            and value_at(item.value, "spec", "source", "chart") is not None
            for item in self._applications(tree).values()
        )

    def autoscaler(self, tree: Objects, workload: ObjectId) -> Values | None:
        """The HorizontalPodAutoscaler that scales a workload."""
        for item in self.of_kind(tree, AUTOSCALER):
            target = value_at(item.value, "spec", "scaleTargetRef")
            is_target = (
                value_at(target, "kind") == workload.kind
                and value_at(target, "name") == workload.name
            )
            if is_target and item.id.namespace == workload.namespace:
                return item.value
        return None


DEPLOYMENT = ("apps", "Deployment")
STATEFUL_SET = ("apps", "StatefulSet")
DAEMON_SET = ("apps", "DaemonSet")
WORKLOADS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
SCALED = (DEPLOYMENT, STATEFUL_SET)
CRON_JOB = ("batch", "CronJob")
AUTOSCALER = ("autoscaling", "HorizontalPodAutoscaler")


def _by_name(tree: Objects, kind: tuple[str, str]) -> dict[str, KubeObject]:
    return {item.id.name: item for item in tree.values() if item.id.group_kind == kind}


def _has_labels(workload: Values, labels: Mapping[str, Any]) -> bool:
    found = as_map(value_at(workload, "spec", "template", "metadata", "labels"))
    return all(found.get(key) == value for key, value in labels.items())


def replicas(workload: Values) -> int:
    """The number of Pods; 1 is the default of the API server."""
    found = value_at(workload, "spec", "replicas")
    return found if isinstance(found, int) else 1


def pod_spec(value: Values, kind: tuple[str, str]) -> Values:
    path = pod_spec_path(kind)
    return as_map(value_at(value, *path)) if path else {}


def containers(value: Values, kind: tuple[str, str]) -> Iterator[Values]:
    """Yields all containers of a Pod or of a Pod template, init containers first."""
    spec = pod_spec(value, kind)
    for name in ("initContainers", "containers", "ephemeralContainers"):
        yield from map(as_map, as_list(spec.get(name)))


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
