"""Dependencies on what an object needs to become healthy, or uses when it runs.

References to ConfigMaps, Secrets and other objects with a rule of their own are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.checks.dependencies.dependency import Need
from gitops_gen.checks.dependencies.requirement import Requirement
from gitops_gen.checks.pods import containers_of, pod_specification
from gitops_gen.checks.view import EnvironmentView, maps_in
from gitops_gen.components.capabilities import LOAD_BALANCER_CONTROLLER
from gitops_gen.model import ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

RUNNING = (
    ("apps", "StatefulSet"),
    ("apps", "Deployment"),
    ("apps", "DaemonSet"),
    ("", "Pod"),
    ("", "ReplicationController"),
    ("apps", "ReplicaSet"),
)
"""The kinds whose Pods serve what a Service selects."""
_INGRESS = ("networking.k8s.io", "Ingress")
_CLAIM = ("", "PersistentVolumeClaim")
_STORES = ("SecretStore", "ClusterSecretStore")
_EXTERNAL_SECRETS = "external-secrets.io"
_ALB = "ingress.k8s.aws/alb"
_DOMAIN = r"(?:\.svc(?:\.cluster\.local)?)?\.?"
_HOST = re.compile(rf"([a-z][a-z0-9-]*)(?:\.([a-z0-9][a-z0-9-]*)(?={_DOMAIN}$))?{_DOMAIN}")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://(?:[^@/\s]*@)?)?([^:/\s,?]+)(?::[0-9]+)?(?:[/?].*)?")
_OF_HOSTS = re.compile(r"HOST|ADDR|SERVER|URL|URI|ENDPOINT|DSN|BROKER", re.IGNORECASE)
"""How variables are named whose values are addresses."""


def on_operation(view: EnvironmentView) -> Iterator[Requirement]:
    yield from _of_ingresses(view)
    yield from _of_stores(view)
    yield from _of_api_services(view)
    yield from _of_waiting_claims(view)
    for item in view.of_kind(("apps", "StatefulSet")):
        yield from _on_service(view, item, ("spec", "serviceName"), Need.USE)
    for item in view.objects:
        yield from _of_addresses(view, item)


# Services


def _on_service(
    view: EnvironmentView, item: KubeObject, path: Path, need: Need, namespace: str | None = None
) -> Iterator[Requirement]:
    """Yields the dependency on the Service whose name is at a path, if it is rendered."""
    name = value_at(item.value, *path)
    place = item.id.namespace if namespace is None else namespace
    service = view.by_id.get(ObjectId("", "Service", place, str(name)))
    if service is not None:
        yield Requirement(item, path, service, need)


def workloads_behind(view: EnvironmentView, service: KubeObject) -> Iterator[KubeObject]:
    """Yields the workloads whose Pods a Service selects, also through an ExternalName Service."""
    spec = as_map(service.value.get("spec"))
    if spec.get("type") == "ExternalName":
        target = _service_at(view, str(spec.get("externalName")), "")
        if target is not None and value_at(target.value, "spec", "type") != "ExternalName":
            yield from workloads_behind(view, target)
    else:
        labels = as_map(spec.get("selector"))
        yield from view.selected(labels, service.id.namespace, *RUNNING)


def _service_at(view: EnvironmentView, host: str, namespace: str) -> KubeObject | None:
    """The Service with a name in the DNS of the cluster. A short name needs a namespace."""
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    return view.by_id.get(ObjectId("", "Service", found[2] or namespace, found[1]))


def _of_addresses(view: EnvironmentView, item: KubeObject) -> Iterator[Requirement]:
    """Yields the dependencies on Services whose addresses are values of variables."""
    for path, container in containers_of(item):
        for index, variable in maps_in(container, "env"):
            name, text = str(variable.get("name")), variable.get("value")
            if isinstance(text, str) and (service := _addressed(view, item, name, text)):
                yield from _on_address(view, item, (*path, "env", index, "value"), service)


def _on_address(
    view: EnvironmentView, item: KubeObject, path: Path, service: KubeObject
) -> Iterator[Requirement]:
    yield Requirement(item, path, service, Need.USE)
    for workload in workloads_behind(view, service):
        yield Requirement(item, path, workload, Need.USE)


def _addressed(
    view: EnvironmentView, item: KubeObject, variable: str, text: str
) -> KubeObject | None:
    address = _ADDRESS.fullmatch(text)
    if address is None:
        return None
    host = address[1]
    # A single word is an address only if the variable or a port indicates it.
    if host == text and "." not in host and not _OF_HOSTS.search(variable):
        return None
    return _service_at(view, host, item.id.namespace)


# Other kinds


def _of_ingresses(view: EnvironmentView) -> Iterator[Requirement]:
    for item in view.of_kind(_INGRESS):
        yield from _on_service(
            view, item, ("spec", "defaultBackend", "service", "name"), Need.HEALTH
        )
        for rule, entry in maps_in(item.value, "spec", "rules"):
            for index, _ in maps_in(entry, "http", "paths"):
                path = ("spec", "rules", rule, "http", "paths", index, "backend", "service", "name")
                yield from _on_service(view, item, path, Need.HEALTH)
        yield from _on_ingress_class(view, item)


def _on_ingress_class(view: EnvironmentView, item: KubeObject) -> Iterator[Requirement]:
    """Yields the dependencies on the class and on the controller that provides the address."""
    path = ("spec", "ingressClassName")
    name = str(value_at(item.value, *path))
    found = view.by_id.get(ObjectId("networking.k8s.io", "IngressClass", "", name))
    if found is None:
        return
    yield Requirement(item, path, found, Need.HEALTH)
    if value_at(found.value, "spec", "controller") == _ALB:
        for component in view.not_hydrated:
            application = view.applications.get(component.name)
            if application and LOAD_BALANCER_CONTROLLER in component.provides:
                yield Requirement(item, path, application, Need.HEALTH)


def _of_stores(view: EnvironmentView) -> Iterator[Requirement]:
    for item in view.of_kind((_EXTERNAL_SECRETS, "ExternalSecret")):
        path = ("spec", "secretStoreRef")
        reference = as_map(value_at(item.value, *path))
        kind = reference.get("kind", _STORES[0])
        namespace = item.id.namespace if kind == _STORES[0] else ""
        identity = ObjectId(_EXTERNAL_SECRETS, str(kind), namespace, str(reference.get("name")))
        if store := view.by_id.get(identity):
            yield Requirement(item, (*path, "name"), store, Need.HEALTH)


def _of_api_services(view: EnvironmentView) -> Iterator[Requirement]:
    for item in view.of_kind(("apiregistration.k8s.io", "APIService")):
        path = ("spec", "service")
        namespace = str(value_at(item.value, *path, "namespace"))
        for found in _on_service(view, item, (*path, "name"), Need.HEALTH, namespace):
            yield found
            for workload in workloads_behind(view, found.target):
                yield Requirement(item, found.path, workload, Need.HEALTH)


def _of_waiting_claims(view: EnvironmentView) -> Iterator[Requirement]:
    """Yields the dependencies of claims on the workloads that use them.

    A claim whose StorageClass waits for the first consumer is Pending, and Argo CD waits for it.
    """
    claims = {item.id: item for item in view.of_kind(_CLAIM) if _waits(view, item)}
    for item in view.objects if claims else ():
        pod = pod_specification(item)
        for _, volume in maps_in(pod[1], "volumes") if pod else ():
            name = str(value_at(volume, "persistentVolumeClaim", "claimName"))
            if claim := claims.get(ObjectId(*_CLAIM, item.id.namespace, name)):
                yield Requirement(claim, ("spec", "storageClassName"), item, Need.HEALTH)


def _waits(view: EnvironmentView, claim: KubeObject) -> bool:
    name = value_at(claim.value, "spec", "storageClassName")
    rendered = view.by_id.get(ObjectId("storage.k8s.io", "StorageClass", "", str(name)))
    if rendered is None:
        # Every EKS cluster has this class.
        return str(name) == "gp2"
    return str(rendered.value.get("volumeBindingMode")) == "WaitForFirstConsumer"
