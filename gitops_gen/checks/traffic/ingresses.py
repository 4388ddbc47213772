"""The backends of Ingresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.checks.traffic.services import SERVICE, ServicePort, ports_of
from gitops_gen.checks.view import EnvironmentView, annotations_of, maps_in
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

INGRESS = ("networking.k8s.io", "Ingress")
ALB = "alb.ingress.kubernetes.io/"
USE_ANNOTATION = "use-annotation"
"""The name of a port that refers to an action of the load balancer instead of a Service."""


@dataclass(frozen=True, slots=True)
class IngressBackend:
    """A Service to which an Ingress sends requests."""

    ingress: KubeObject
    path: Path
    """The field `service` of the backend."""
    value: Values
    route: str
    """The host and the path of the requests."""

    @property
    def service(self) -> ObjectId:
        name = str(self.value.get("name"))
        return ObjectId(*SERVICE, self.ingress.id.namespace, name)

    @property
    def port(self) -> tuple[str, object]:
        """The key of the port, and its number or name."""
        port = as_map(self.value.get("port"))
        key = "name" if port.get("name") else "number"
        return key, port.get(key)

    @property
    def is_action(self) -> bool:
        action = f"{ALB}actions.{self.service.name}"
        return self.port[1] == USE_ANNOTATION and action in annotations_of(self.ingress)

    def port_of(self, service: KubeObject) -> ServicePort | None:
        wanted = self.port[1]
        return next((port for port in ports_of(service) if port.is_called(wanted)), None)


def ingress_backends(view: EnvironmentView) -> Iterator[IngressBackend]:
    """Yields the Services of all Ingresses, without the actions of the load balancer."""
    for ingress in view.of_kind(INGRESS):
        yield from (one for one in _backends(ingress) if not one.is_action)


def _backends(ingress: KubeObject) -> Iterator[IngressBackend]:
    yield from _backend(ingress, ("spec", "defaultBackend"), "every other path")
    for index, rule in maps_in(ingress.value, "spec", "rules"):
        host = str(rule.get("host") or "")
        for number, route in maps_in(rule, "http", "paths"):
            path: Path = ("spec", "rules", index, "http", "paths", number, "backend")
            yield from _backend(ingress, path, f"{host}{route.get('path') or '/'}")


def _backend(ingress: KubeObject, path: Path, route: str) -> Iterator[IngressBackend]:
    service = value_at(ingress.value, *path, "service")
    if isinstance(service, dict):
        yield IngressBackend(ingress, (*path, "service"), service, route)
