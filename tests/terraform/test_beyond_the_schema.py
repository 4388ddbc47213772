"""Rules that neither a schema nor a type can express, checked in the state of each example."""

from __future__ import annotations

import api_rules
import iam
import security_groups
from security_groups import ALB, INTERNET, NODE, PLANE, Edge
from workspace import Plan, Workspace, resources

MAY_ENTER = {
    Edge(INTERNET, ALB, "tcp", 80, 80),
    Edge(INTERNET, ALB, "tcp", 443, 443),
    Edge(ALB, NODE, "tcp", 1024, 10247),
    Edge(NODE, NODE, "-1", 0, 65535),
    Edge(NODE, PLANE, "tcp", 443, 443),
    Edge(PLANE, NODE, "tcp", 443, 443),
    Edge(PLANE, NODE, "tcp", 9443, 9443),
    Edge(PLANE, NODE, "tcp", 10250, 10251),
}


def may_leave(vpc: str) -> set[Edge]:
    return {
        Edge(ALB, NODE, "tcp", 1024, 10247),
        Edge(NODE, vpc, "-1", 0, 65535),
        Edge(NODE, INTERNET, "tcp", 443, 443),
    }


def test_planned_values_match_the_rules_of_the_api(planned: Plan) -> None:
    assert api_rules.broken(resources(planned)) == []


def test_each_resource_has_rules_or_a_reason_for_none(applied: Plan) -> None:
    used = {resource.type for resource in resources(applied)}
    assert used <= api_rules.CALLS.keys() | api_rules.WITHOUT_RULES


def test_policies_are_valid_and_minimal(applied: Plan) -> None:
    assert iam.wrong(resources(applied)) == []


def test_every_reason_is_needed(applied: Plan) -> None:
    found = "\n".join(iam.wrong(resources(applied), reasons={}))
    for start in iam.REASONS:
        assert start.removeprefix("on * ") in found, start


def test_only_80_and_443_from_outside_and_only_pods_from_the_alb(applied: Plan) -> None:
    found = resources(applied)
    (vpc,) = (one.values["cidr_block"] for one in found if one.type == "aws_vpc")
    assert security_groups.forbidden(security_groups.admitted(found), MAY_ENTER) == []
    assert security_groups.forbidden(security_groups.sent(found), may_leave(vpc)) == []


def test_egress_of_the_alb_matches_ingress_of_the_nodes(applied: Plan) -> None:
    found = resources(applied)
    to_pods = Edge(ALB, NODE, "tcp", 1024, 10247)
    assert to_pods in security_groups.admitted(found) & security_groups.sent(found)


def test_443_is_open_only_with_a_certificate(applied: Plan) -> None:
    found = resources(applied)
    has_certificate = applied["values"]["outputs"]["gitops"]["value"]["certificateArn"] is not None
    to_alb = {edge.first for edge in security_groups.admitted(found) if edge.target == ALB}
    assert to_alb == ({80, 443} if has_certificate else {80})


def test_resources_of_bootstrap_match_the_rules_of_the_api(workspace: Workspace) -> None:
    found = resources(workspace.plan("bootstrap", "-var-file=examples/full.tfvars.json"))
    assert api_rules.broken(found) == []
    assert iam.wrong(found) == []
