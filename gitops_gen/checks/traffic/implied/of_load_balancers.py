"""Requests and health checks of the load balancers of Ingresses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.ingresses import ALB, IngressBackend, ingress_backends
from gitops_gen.checks.traffic.parties import Outside, Pods
from gitops_gen.checks.traffic.services import ServicePort
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.view import EnvironmentView, Undetermined, annotations_of
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

_CONTROLLER = "ingress.k8s.aws/alb"
_LEGACY_CLASS = "kubernetes.io/ingress.class"
KIND = "flows from load balancers"


def implied(traffic: Traffic) -> Iterator[Flow | Undetermined]:
    for backend in ingress_backends(traffic.view):
        service = traffic.view.by_id.get(backend.service)
        port = backend.port_of(service) if service else None
        if service is None or port is None:
            # The rule traffic-ingress-backend reports it.
            continue
        if reason := _not_known(traffic.view, backend, service):
            yield Undetermined(KIND, reason)
        else:
            yield from _flows(traffic, backend, service, port)


def load_balancer(view: EnvironmentView, ingress: KubeObject) -> Outside:
    """The load balancer of an Ingress, with the addresses of the subnets that it is in."""
    internal = annotations_of(ingress).get(f"{ALB}scheme", "internal") == "internal"
    subnets = "privateSubnetCidrs" if internal else "publicSubnetCidrs"
    cidrs = view.environment.get("cluster", "vpc", subnets, default=[])
    return Outside("the load balancer", Addresses.of(cidrs))


def _flows(
    traffic: Traffic, backend: IngressBackend, service: KubeObject, port: ServicePort
) -> Iterator[Flow]:
    source = load_balancer(traffic.view, backend.ingress)
    scheme = ((backend.ingress, ("metadata", "annotations", f"{ALB}scheme")),)
    for pods in traffic.workloads.behind(service):
        numbers = pods.numbers(port.target or 0)
        for number in numbers:
            purpose = f"to which {backend.ingress.id} sends {backend.route}"
            yield Flow(
                source,
                pods,
                number,
                purpose,
                backend.ingress,
                backend.path,
                fields=(*scheme, (service, ("spec", "ports", port.index))),
            )
        for number in _health_ports(backend.ingress, service, pods):
            if number not in numbers:
                purpose = f"for the health checks of {backend.ingress.id}"
                yield Flow(source, pods, number, purpose, service, _HEALTH_PATH, fields=scheme)


_HEALTH_PORT = f"{ALB}healthcheck-port"
_HEALTH_PATH = ("metadata", "annotations", _HEALTH_PORT)


def _health_ports(ingress: KubeObject, service: KubeObject, pods: Pods) -> tuple[int, ...]:
    text = annotations_of(service).get(_HEALTH_PORT) or annotations_of(ingress).get(_HEALTH_PORT)
    if text is None or text == "traffic-port":
        return ()
    return pods.numbers(int(text) if text.isdecimal() else text)


def _not_known(view: EnvironmentView, backend: IngressBackend, service: KubeObject) -> str | None:
    """Why the source of the traffic is not known; None if it is a load balancer of AWS."""
    ingress = backend.ingress
    if not _is_of_aws(view, ingress):
        return f"{ingress.id} belongs to another Ingress controller than that of AWS"
    target = annotations_of(service).get(f"{ALB}target-type")
    if (target or annotations_of(ingress).get(f"{ALB}target-type")) != "ip":
        return f"requests of {ingress.id} pass through nodes, because its target type is not ip"
    if not load_balancer(view, ingress).addresses.intervals:
        return "the values do not contain the address ranges of the subnets of load balancers"
    return None


def _is_of_aws(view: EnvironmentView, ingress: KubeObject) -> bool:
    name = value_at(ingress.value, "spec", "ingressClassName")
    name = str(name or annotations_of(ingress).get(_LEGACY_CLASS, ""))
    found = view.by_id.get(ObjectId("networking.k8s.io", "IngressClass", "", name))
    if found is None:
        return name == "alb"
    return bool(value_at(found.value, "spec", "controller") == _CONTROLLER)
