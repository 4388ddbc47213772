"""The API server calls webhooks, and API servers of extensions."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.parties import Outside
from gitops_gen.checks.traffic.services import SERVICE
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.view import CRD, EnvironmentView, maps_in
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

_GROUP = "admissionregistration.k8s.io"
_WEBHOOKS = ((_GROUP, "MutatingWebhookConfiguration"), (_GROUP, "ValidatingWebhookConfiguration"))
_API_SERVICE = ("apiregistration.k8s.io", "APIService")
_CONVERSION: Path = ("spec", "conversion", "webhook", "clientConfig", "service")
_HTTPS = 443


def implied(traffic: Traffic) -> Iterator[Flow]:
    source = api_server(traffic.view)
    for item, path in _references(traffic.view):
        called = as_map(value_at(item.value, *path))
        for pods, number in traffic.targets(_service(called), _port(called)):
            yield Flow(source, pods, number, f"because of {item.id}", item, path)


def api_server(view: EnvironmentView) -> Outside:
    """The API server of EKS, which sends requests from the private subnets."""
    vpc = view.environment.get("cluster", "vpc", default={})
    cidrs = vpc.get("privateSubnetCidrs") or [vpc.get("cidr")]
    return Outside("the API server", Addresses.of(cidrs))


def _references(view: EnvironmentView) -> Iterator[tuple[KubeObject, Path]]:
    """Yields the fields that name a Service for the API server."""
    for item in view.of_kind(*_WEBHOOKS):
        for index, _ in maps_in(item.value, "webhooks"):
            yield item, ("webhooks", index, "clientConfig", "service")
    for item in view.of_kind(_API_SERVICE):
        yield item, ("spec", "service")
    for item in view.of_kind(CRD):
        if b"clientConfig" in item.content:
            yield item, _CONVERSION


def _service(called: Values) -> ObjectId:
    return ObjectId(*SERVICE, str(called.get("namespace")), str(called.get("name")))


def _port(called: Values) -> int:
    port = called.get("port")
    return port if isinstance(port, int) else _HTTPS
