"""Words about flows that NetworkPolicies do not allow, which several rules use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.checks.traffic.flows import Flow, FlowNeed, JudgedFlow
from gitops_gen.checks.traffic.parties import Outside, Party
from gitops_gen.checks.traffic.policies import Direction, EndJudgement
from gitops_gen.checks.truth import Truth
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject


def blocked(view: EnvironmentView, need: FlowNeed) -> Iterator[ObjectIssue]:
    """Yields the flows that NetworkPolicies do not allow."""
    for one in view.traffic.flows:
        if one.flow.need is need and one.judgement.allowed is Truth.NO:
            yield _issue(view, one)


def undecided(view: EnvironmentView) -> Iterator[Undetermined]:
    """Yields the flows of which the objects do not show whether they are allowed."""
    yield from view.traffic.undetermined
    for one in view.traffic.flows:
        if one.flow.need is FlowNeed.REQUIRED and one.judgement.allowed is Truth.UNKNOWN:
            name = _less_known(one.flow).name
            yield Undetermined("flows", f"the labels or addresses of {name} are not all known")


def _issue(view: EnvironmentView, one: JudgedFlow) -> ObjectIssue:
    flow, judgement = one.flow, one.judgement
    ends: tuple[tuple[Party, Direction, EndJudgement], ...] = (
        (flow.source, "Egress", judgement.egress),
        (flow.target, "Ingress", judgement.ingress),
    )
    closed = [end for end in ends if end[2].allowed is Truth.NO]
    text = (
        f"{flow.source.name} cannot reach {flow.protocol} port {flow.port} of {flow.target.name}, "
        f"{flow.purpose}: {'; '.join(_reason(*end) for end in closed)}"
    )
    fields = [field for _, direction, side in closed for field in _fields(direction, side)]
    policies = tuple(dict.fromkeys(policy for policy, _ in fields))
    of_charts = [field for field in fields if not view.is_first_party(field[0])]
    if flow.need is FlowNeed.REQUIRED and of_charts:
        # The policy of a chart is more probably wrong than what implies the flow.
        found = (*of_charts, (flow.origin, flow.path), *flow.fields)
        return ObjectIssue(flow.origin, text, (), policies, found)
    return ObjectIssue(flow.origin, text, flow.path, policies, (*flow.fields, *fields))


_WORDS: Mapping[Direction, str] = {"Ingress": "incoming", "Egress": "outgoing"}


def _reason(party: Party, direction: Direction, side: EndJudgement) -> str:
    names = ", ".join(f"{policy.id.namespace}/{policy.id.name}" for policy in side.isolating)
    subject = (
        f"the NetworkPolicies {names} isolate"
        if len(side.isolating) > 1
        else f"the NetworkPolicy {names} isolates"
    )
    traffic = f"the {_WORDS[direction]} traffic of {party.name}"
    return f"{subject} {traffic}, and no rule allows this flow"


def _fields(direction: Direction, side: EndJudgement) -> Iterator[tuple[KubeObject, Path]]:
    """Yields the fields of the policies that decide what they isolate, and what they allow."""
    for policy in side.isolating:
        for key in (direction.lower(), "podSelector", "policyTypes"):
            yield policy, ("spec", key)


def _less_known(flow: Flow) -> Party:
    for party in (flow.source, flow.target):
        if isinstance(party, Outside) or party.workload is None:
            return party
    return flow.target
