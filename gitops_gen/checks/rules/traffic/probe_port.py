"""Every named port of a probe is a port of its container."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pods import containers_of
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, maps_in
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Path, Rule, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "traffic-probe-port",
    title="Every named port of a probe is a port of its container",
    why="The kubelet finds a named port only among the ports of the same container. A probe of "
    "another name always fails, so that the Pod never becomes ready, or is restarted.",
    remedy="Correct the name in the probe, or name the port of the container. If something adds "
    "the port in the cluster, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /, port: web}}""",
    good="""\
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /, port: http}}""",
)
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.objects:
        for place, container in containers_of(item):
            yield from _of_container(item, place, container)


def _of_container(item: KubeObject, place: Path, container: Values) -> Iterator[ObjectIssue]:
    ports = list(maps_in(container, "ports"))
    names = [str(port["name"]) for _, port in ports if "name" in port]
    fields = tuple((item, (*place, "ports", index, "name")) for index, _ in ports)
    for probe in _PROBES:
        for action in ("httpGet", "tcpSocket"):
            port = value_at(container, probe, action, "port")
            if isinstance(port, str) and not port.isdigit() and port not in names:
                text = (
                    f"{item.id}: the {probe} of the container {container.get('name')} uses the "
                    f"port {port}, which the container does not have{did_you_mean(port, names)}"
                )
                path = (*place, probe, action, "port")
                yield ObjectIssue(item, text, path, alternatives=fields)
