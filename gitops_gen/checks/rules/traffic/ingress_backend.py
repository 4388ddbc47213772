"""Every backend of an Ingress is a port of a Service that exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.ingresses import IngressBackend, ingress_backends
from gitops_gen.checks.traffic.services import SERVICE, ports_of
from gitops_gen.checks.view import (
    EnvironmentView,
    ObjectIssue,
    Undetermined,
    not_hydrated_reason,
)
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Rule
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "traffic-ingress-backend",
    title="Every backend of an Ingress is a port of a Service that exists",
    why="The AWS Load Balancer Controller does not create or change the load balancer of an "
    "Ingress if one of its backends does not exist. Other controllers answer with an error.",
    remedy="Correct the name of the Service or its port. If something outside of this repository "
    "creates the Service, excuse the finding.",
    excusable=True,
    bad="""\
kind: Service
metadata: {name: web}
spec:
  ports: [{name: http, port: 80}]
---
kind: Ingress
spec:
  defaultBackend: {service: {name: web, port: {number: 8080}}}""",
    good="""\
kind: Service
metadata: {name: web}
spec:
  ports: [{name: http, port: 80}]
---
kind: Ingress
spec:
  defaultBackend: {service: {name: web, port: {name: http}}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for backend in ingress_backends(view):
        service = view.by_id.get(backend.service)
        if service is None:
            yield _missing_service(view, backend)
        elif backend.port_of(service) is None:
            yield _missing_port(backend, service)


def _missing_service(view: EnvironmentView, backend: IngressBackend) -> ObjectIssue | Undetermined:
    if owner := view.possible_owner(backend.service):
        return Undetermined("backends of Ingresses", not_hydrated_reason(owner))
    services = [item.id.name for item in view.of_kind(SERVICE) if _is_beside(item, backend)]
    text = (
        f"{backend.ingress.id} sends {backend.route} to {backend.service}, which nothing creates"
        f"{did_you_mean(backend.service.name, services)}"
    )
    return ObjectIssue(backend.ingress, text, (*backend.path, "name"))


def _is_beside(service: KubeObject, backend: IngressBackend) -> bool:
    return service.id.namespace == backend.ingress.id.namespace


def _missing_port(backend: IngressBackend, service: KubeObject) -> ObjectIssue:
    key, wanted = backend.port
    existing = ", ".join(str(port) for port in ports_of(service))
    text = (
        f"{backend.ingress.id} sends {backend.route} to port {wanted} of {service.id}, which has "
        f"{'only the ports ' + existing if existing else 'no ports'}"
    )
    field = "name" if key == "name" else "port"
    alternatives = tuple(
        (service, ("spec", "ports", port.index, field)) for port in ports_of(service)
    )
    path = (*backend.path, "port", key)
    return ObjectIssue(backend.ingress, text, path, (service,), alternatives)
