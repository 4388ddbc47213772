"""Every IAM policy that was planned: parsed, linted by parliament, and read for excess."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parliament import analyze_policy_string
from workspace import Resource

REASONS = tomllib.loads(Path(__file__).with_name("iam_reasons.toml").read_text())
# Letters that an inline policy of a role may have, white space aside.
LONGEST = 10_240
# Services whose documentation says that they name the account for which they take a role.
NAME_THEIR_ACCOUNT = {"dlm.amazonaws.com", "vpc-flow-logs.amazonaws.com"}


def wrong(resources: list[Resource], reasons: Mapping[str, str] = REASONS) -> list[str]:
    """What no reason excuses."""
    return [
        message
        for resource in resources
        for message in (
            *(_trust(resource) if resource.type == "aws_iam_role" else ()),
            *(_policy(resource, reasons) if resource.type == "aws_iam_role_policy" else ()),
        )
    ]


def _trust(role: Resource) -> Iterator[str]:
    """A service, and only to take the role; a pod's role names its cluster and its pods too."""
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
    if text is None:  # not known before apply: read in the state
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
