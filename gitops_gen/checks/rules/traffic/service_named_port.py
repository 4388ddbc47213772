"""Every named target port of a Service is a port of its Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.parties import port_fields
from gitops_gen.checks.traffic.services import SERVICE, ports_of
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Rule

RULE = Rule(
    "traffic-service-named-port",
    title="Every named target port of a Service is a port of its Pods",
    why="A Service has no endpoint for a Pod without a container port of this name and protocol, "
    "so connections to the Service are refused.",
    remedy="Correct the name in targetPort, or name the port of the container. If something adds "
    "the name in the cluster, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]
---
kind: Service
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: web}]""",
    good="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]
---
kind: Service
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for service in view.of_kind(SERVICE):
        pods = view.traffic.workloads.behind(service)
        for port in ports_of(service):
            target = port.target
            if not isinstance(target, str):
                continue
            missing = [one for one in pods if not one.numbers(target, port.protocol)]
            # Pods of other workloads that a selector matches by mistake are another finding.
            if pods and len(missing) == len(pods):
                names = [one.name for pod in pods for one in pod.ports if one.name]
                text = (
                    f"{service.id} sends port {port.number} to the port {target} of {pods[0].name},"
                    f" which has no {port.protocol} port of this name{did_you_mean(target, names)}"
                )
                path = ("spec", "ports", port.index, "targetPort")
                related = tuple(one.workload for one in missing if one.workload)
                alternatives = tuple(port_fields(missing, "name"))
                yield ObjectIssue(service, text, path, related, alternatives)
