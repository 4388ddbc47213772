"""NetworkPolicies allow only flows that the values imply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.policies import PolicyRule
from gitops_gen.checks.traffic.undeclared import Opening, Openings
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Path, Rule, Severity

RULE = Rule(
    "traffic-undeclared-flow",
    title="NetworkPolicies allow only flows that the values imply",
    why="The rules of NetworkPolicies add up: a policy of any chart can open the Pods of the "
    "database or of a tier for traffic that their values do not declare, and nothing shows it. "
    "For Pods of other charts, only ports that are open for everyone and that no Ingress, "
    "monitor or webhook uses are reported.",
    remedy="Restrict the peers, the ports or the podSelector of the policy, or declare the flow in "
    "the values, for example with `calls` or `egress` of a tier. If the traffic is intended, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: NetworkPolicy
metadata: {name: reports, namespace: database}
spec:
  podSelector: {}
  ingress:
    - ports: [{port: 5432}]""",
    good="""\
kind: NetworkPolicy
metadata: {name: reports, namespace: reports}
spec:
  podSelector: {matchLabels: {app: reports}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 8080}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    opened: dict[tuple[str, Path], list[tuple[PolicyRule, Pods, list[Opening]]]] = {}
    for rule, pods, openings in Openings(view.traffic).found():
        opened.setdefault((str(rule.policy.id), rule.path), []).append((rule, pods, openings))
    for found in opened.values():
        rule = found[0][0]
        text = "; ".join(_text(rule, pods, openings) for _, pods, openings in found)
        yield ObjectIssue(
            rule.policy,
            f"{rule.policy.id} allows what nothing declares: {text}",
            rule.path,
            tuple(pods.workload for _, pods, _ in found if pods.workload),
            ((rule.policy, ("spec", "podSelector")),),
        )


def _text(rule: PolicyRule, subject: Pods, openings: list[Opening]) -> str:
    parts = []
    for peer, ports in groupby(openings, key=lambda one: one.peer):
        numbers = " and ".join(str(one.port) for one in ports)
        if rule.direction == "Ingress":
            parts.append(f"{peer} can reach {numbers} of {subject.name}")
        else:
            parts.append(f"{subject.name} can reach {numbers} of {peer}")
    return "; ".join(parts)
