"""Checks every planned IAM policy: its syntax, the findings of parliament, and its scope."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parliament import analyze_policy_string
from workspace import Resource

REASONS = tomllib.loads(Path(__file__).with_name("iam_reasons.toml").read_text())
# The maximum number of characters of a role's inline policy, without white space.
LONGEST = 10_240
# Services that, according to their documentation, pass the account for which they assume a role.
NAME_THEIR_ACCOUNT = {"dlm.amazonaws.com", "vpc-flow-logs.amazonaws.com"}


def wrong(resources: list[Resource], reasons: Mapping[str, str] = REASONS) -> list[str]:
    """Returns the problems, except those for which `reasons` has a reason."""
    return [
        message
        for resource in resources
        for message in (
            *(_trust(resource) if resource.type == "aws_iam_role" else ()),
            *(_policy(resource, reasons) if resource.type == "aws_iam_role_policy" else ()),
        )
    ]


def _trust(role: Resource) -> Iterator[str]:
    """Yields problems of a trust policy. Only an AWS service may assume a role.

    The policy of a Pod's role must also restrict the cluster and the Pods.
    """
    for statement in _statements(role.values["assume_role_policy"]):
        principal = statement["Principal"]
        services = principal.get("Service") if isinstance(principal, dict) else None
        if set(principal) != {"Service"} or not str(services).endswith(".amazonaws.com"):
            yield f"{role.address}: Principal {principal} is not one AWS service"
        if services == "pods.eks.amazonaws.com" and len(_equal(statement)) < 3:
            yield f"{role.address}: any pod of any cluster may take it"
        if services in NAME_THEIR_ACCOUNT and "aws:SourceAccount" not in _equal(statement):
            yield f"{role.address}: {services} may take it for any account"
        for action in _listed(statement["Action"]):
            if action not in ("sts:AssumeRole", "sts:TagSession"):
                yield f"{role.address}: trust allows {action}"


def _policy(resource: Resource, reasons: Mapping[str, str]) -> Iterator[str]:
    text = resource.values.get("policy")
    if text is None:  # unknown before the apply; the policy in the state is checked
        return
    if len("".join(text.split())) > LONGEST:
        yield f"{resource.address}: longer than IAM takes"
    for statement in _statements(text):
        yield from _excess(resource, statement, reasons)
    for finding in analyze_policy_string(json.dumps(json.loads(text))).findings:
        if finding.issue != "RESOURCE_STAR" and not _excused(
            f"{finding.issue} {finding.detail}", reasons
        ):
            yield f"{resource.address}: {finding.issue} {finding.detail}"


def _excess(
    resource: Resource, statement: dict[str, Any], reasons: Mapping[str, str]
) -> Iterator[str]:
    for action in _listed(statement["Action"]):
        if "*" in action:
            yield f"{resource.address}: {action} is more than anything needs"
        reads = action.partition(":")[2].startswith(("Describe", "Get", "List"))
        bound = "Condition" in statement or "*" not in _listed(statement["Resource"])
        if not reads and not bound and not _excused(f"on * {action}", reasons):
            yield f"{resource.address}: {action} on every resource, under no condition"


def _excused(finding: str, reasons: Mapping[str, str]) -> bool:
    return any(finding.startswith(start) for start in reasons)


def _statements(text: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _equal(statement: dict[str, Any]) -> dict[str, str]:
    equal: dict[str, str] = statement.get("Condition", {}).get("StringEquals", {})
    return equal
