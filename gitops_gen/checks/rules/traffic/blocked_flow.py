"""NetworkPolicies allow every flow that the values imply."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.flows import FlowNeed
from gitops_gen.checks.traffic.parties import Outside, Party
from gitops_gen.checks.traffic.verdicts import blocked, undecided
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "traffic-blocked-flow",
    title="NetworkPolicies allow every flow that the values imply",
    why="A Pod that a NetworkPolicy isolates can only send and receive what a rule allows: "
    "requests of the load balancer, calls between tiers, connections to the database and to AWS, "
    "requests for metrics, calls of webhooks, and DNS queries. Connections that no rule allows run "
    "into a timeout. The rules of security groups are not known, so they are not checked.",
    remedy="Add a rule to a NetworkPolicy that selects the Pods, at the end of the connection "
    "that the message names. If the flow is not needed, remove what implies it, or excuse the "
    "finding.",
    excusable=True,
    bad="""\
# The NetworkPolicy default-deny isolates all Pods of the namespace app.
kind: Deployment
metadata: {name: web, namespace: app}
---
kind: PodMonitor
metadata: {name: web, namespace: app}
spec:
  podMetricsEndpoints: [{port: metrics}]""",
    good="""\
kind: Deployment
metadata: {name: web, namespace: app}
---
kind: PodMonitor
metadata: {name: web, namespace: app}
spec:
  podMetricsEndpoints: [{port: metrics}]
---
kind: NetworkPolicy
metadata: {name: web, namespace: app}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
      ports: [{port: metrics}]""",
)
_LINK_LOCAL = Addresses.of(["169.254.0.0/16"])
_GROUPS = Undetermined("flows", "the values do not contain the rules of security groups")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    yield from blocked(view, FlowNeed.REQUIRED)
    yield from undecided(view)
    for one in view.traffic.flows:
        if _passes_security_groups(one.flow.source) or _passes_security_groups(one.flow.target):
            yield _GROUPS


def _passes_security_groups(party: Party) -> bool:
    """Whether traffic leaves the nodes, which only the agent of Pod Identity does not need."""
    return isinstance(party, Outside) and party.addresses.without(_LINK_LOCAL) != Addresses()
