"""NetworkPolicies let a container reach the Services that it names."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.flows import FlowNeed
from gitops_gen.checks.traffic.verdicts import blocked
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "traffic-named-service",
    title="NetworkPolicies let a container reach the Services that it names",
    why="A container with the address of a Service in a variable or an argument usually connects "
    "to it. If a NetworkPolicy does not allow that, the connections run into a time-out.",
    remedy="Allow the traffic: with `calls` or `egress` for a tier, otherwise with rules of "
    "NetworkPolicies. If the container does not connect to the Service, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
tiers:
  frontend:
    env: {BACKEND: "http://backend:8080"}""",
    good="""\
tiers:
  frontend:
    env: {BACKEND: "http://backend:8080"}
    calls: [backend]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return blocked(view, FlowNeed.NAMED)
