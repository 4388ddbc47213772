"""The rule for monitoring that can be reached from outside the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Rule, Severity

SECTION = ("addons", "kube-prometheus-stack")
PUBLIC = Rule(
    "monitoring-public",
    title="Grafana, Prometheus and Alertmanager are not reachable from outside the cluster",
    why="Prometheus and Alertmanager have no login, Grafana has one password, and neither the "
    "Ingress of gitops-gen nor `teardown` knows these load balancers.",
    remedy="Use `kubectl port-forward`, and remove the value. If the access is protected in "
    "another way, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
_SERVERS = ("grafana", "prometheus", "alertmanager")
_EXTERNAL = ("LoadBalancer", "NodePort")
_KEYS = (
    (("service", "type"), _EXTERNAL),
    (("servicePerReplica", "type"), _EXTERNAL),
    (("ingress", "enabled"), (True,)),
    (("ingressPerReplica", "enabled"), (True,)),
    (("route", "main", "enabled"), (True,)),
)
"""The keys that make a server reachable, each with the values that do so."""


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(*SECTION):
        for server in _SERVERS:
            yield from _of_server(environment, (*SECTION, "values", server))


def _of_server(environment: Environment, server: tuple[str, ...]) -> Iterator[Finding]:
    for key, accepted in _KEYS:
        path = (*server, *key)
        if environment.get(*path) in accepted:
            text = f"makes {server[-1]} reachable from outside the cluster; remove it"
            yield environment.finding(PUBLIC, path, text)
