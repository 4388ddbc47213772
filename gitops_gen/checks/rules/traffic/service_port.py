"""Every numbered target port of a Service is a port that its containers declare."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.parties import port_fields
from gitops_gen.checks.traffic.services import SERVICE, ports_of
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Path, Rule, Severity

RULE = Rule(
    "traffic-service-port",
    title="Every numbered target port of a Service is a port that its containers declare",
    why="The ports of a container are only documentation for Kubernetes: a process may listen on "
    "others. But a container that declares ports and not this one usually does not listen on it, "
    "so connections to the Service are refused.",
    remedy="Correct targetPort, or declare the port in the container. If the process listens on "
    "the port although it does not declare it, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, ports: [{containerPort: 8080}]}]
---
kind: Service
spec:
  selector: {app: web}
  ports: [{port: 80}]""",
    good="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, ports: [{containerPort: 8080}]}]
---
kind: Service
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for service in view.of_kind(SERVICE):
        pods = view.traffic.workloads.behind(service)
        declared = any(one.ports for one in pods)
        for port in ports_of(service):
            target = port.target
            if not (declared and isinstance(target, int)):
                continue
            if not any(one.listens(target, port.protocol) for one in pods):
                ports = sorted({(one.number, one.protocol) for pod in pods for one in pod.ports})
                numbers = [f"{number}{_protocol(kind, port.protocol)}" for number, kind in ports]
                text = (
                    f"{service.id} sends port {port.number} to the {port.protocol} port {target} "
                    f"of {pods[0].name}, whose containers declare {', '.join(numbers)}"
                )
                key = "targetPort" if "targetPort" in port.value else "port"
                path: Path = ("spec", "ports", port.index, key)
                related = tuple(one.workload for one in pods if one.workload)
                protocol: Path = ("spec", "ports", port.index, "protocol")
                alternatives = ((service, protocol), *port_fields(pods, "containerPort"))
                yield ObjectIssue(service, text, path, related, alternatives)


def _protocol(protocol: str, expected: str) -> str:
    return "" if protocol == expected else f" ({protocol})"
