"""Containers whose variables or arguments contain the DNS name of a Service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.checks.pods import containers_of
from gitops_gen.checks.traffic.flows import Flow, FlowNeed
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.services import SERVICE, ports_of
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.view import maps_in
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.plain import as_list

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_AFTER = r"(?::(?P<port>[0-9]{1,5}))?(?![\w.:-])"
_FULL = re.compile(
    rf"(?<![\w.-])(?P<name>{_LABEL})\.(?P<namespace>{_LABEL})\.svc(?:\.cluster\.local)?\.?{_AFTER}"
)
_IN_URL = re.compile(rf"://(?:[^/@\s]*@)?(?P<name>{_LABEL})(?:\.(?P<namespace>{_LABEL}))?{_AFTER}")
"""A name in a URL, which needs no suffix because its place shows that it is a host."""
_SCHEMES = (("https://", 443), ("http://", 80))


@dataclass(frozen=True, slots=True)
class NamedHost:
    service: ObjectId
    port: int | None


def implied(traffic: Traffic) -> Iterator[Flow]:
    for pods in traffic.workloads.all:
        for path, text in _texts(pods):
            for host in dict.fromkeys(hosts_in(text, pods.namespace)):
                yield from _flows(traffic, pods, path, host)


def hosts_in(text: str, namespace: str) -> Iterator[NamedHost]:
    """Yields the Services that a text of a Pod in this namespace names."""
    for pattern in (_FULL, _IN_URL):
        for match in pattern.finditer(text):
            port = (
                int(match["port"])
                if match["port"]
                else _port_of_scheme(text[: match.start("name")])
            )
            found = ObjectId(*SERVICE, match["namespace"] or namespace, match["name"])
            yield NamedHost(found, port)


def _port_of_scheme(before: str) -> int | None:
    return next((port for scheme, port in _SCHEMES if before.endswith(scheme)), None)


def _flows(traffic: Traffic, pods: Pods, path: Path, host: NamedHost) -> Iterator[Flow]:
    service = traffic.service_behind(host.service)
    if service is None or pods.workload is None:
        return
    numbers = [port.number for port in ports_of(service)]
    port = host.port if host.port is not None or len(numbers) != 1 else numbers[0]
    for target, number in traffic.targets(service.id, port):
        if target is not pods:
            purpose = f"whose Service {host.service.namespace}/{host.service.name} it names"
            yield Flow(pods, target, number, purpose, pods.workload, path, need=FlowNeed.NAMED)


def _texts(pods: Pods) -> Iterator[tuple[Path, str]]:
    for path, container in containers_of(pods.workload) if pods.workload else ():
        for index, variable in maps_in(container, "env"):
            if isinstance(variable.get("value"), str):
                yield (*path, "env", index, "value"), variable["value"]
        yield from _words(container, path)


def _words(container: Values, path: Path) -> Iterator[tuple[Path, str]]:
    for key in ("command", "args"):
        for index, word in enumerate(as_list(container.get(key))):
            if isinstance(word, str):
                yield (*path, key, index), word
