"""Compares names that AWS defines, such as policies and services, with lists: see aws/README.md."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from workspace import Resource

_FOLDER = Path(__file__).parent / "aws"
NAMES: Mapping[str, Any] = tomllib.loads((_FOLDER / "names.toml").read_text())
MANAGED_POLICIES = frozenset((_FOLDER / "managed-policies.txt").read_text().split())
CONTROLLER: Mapping[str, Any] = json.loads((_FOLDER / "load-balancer-controller.json").read_text())
_OWN = "this cluster"
_CLUSTER_TAG = re.compile(r"aws:(Request|Resource)Tag/elbv2\.k8s\.aws/cluster")
_POLICY = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(.+)")
_ACCESS = re.compile(r"arn:aws[a-z-]*:eks::aws:cluster-access-policy/(.+)")
_ARM = re.compile(r"(a1|[a-z]+\d+g[a-z]*)(-\w+)?\.")
_ENDPOINT = re.compile(r"com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]+)")


def wrong(resources: list[Resource]) -> list[str]:
    """Returns a problem for every name that AWS does not know."""
    return [
        f"{resource.address}: {text}"
        for resource in resources
        for text in _CHECKS.get(resource.type, _nothing)(resource.values)
    ]


def _nothing(_values: Mapping[str, Any]) -> Iterator[str]:
    yield from ()


def _attachment(values: Mapping[str, Any]) -> Iterator[str]:
    """Ignores policies of the account itself, because AWS does not define their names."""
    found = _POLICY.fullmatch(str(values["policy_arn"]))
    if found and found[1] not in MANAGED_POLICIES:
        yield f"AWS has no managed policy {found[1]}"


def _access_policy(values: Mapping[str, Any]) -> Iterator[str]:
    found = _ACCESS.fullmatch(str(values["policy_arn"]))
    if not found or found[1] not in NAMES["access_policies"]:
        yield f"EKS has no access policy {values['policy_arn']}"


def _role(values: Mapping[str, Any]) -> Iterator[str]:
    for statement in json.loads(values["assume_role_policy"])["Statement"]:
        principal = statement["Principal"]
        service = principal.get("Service") if isinstance(principal, dict) else principal
        if service not in NAMES["service_principals"]:
            yield f"aws/names.toml knows no service {service}"


def _addon(values: Mapping[str, Any]) -> Iterator[str]:
    if values["addon_name"] not in NAMES["addons"]:
        yield f"aws/names.toml knows no add-on {values['addon_name']}"


def _node_group(values: Mapping[str, Any]) -> Iterator[str]:
    arm = "ARM_64" in values["ami_type"]
    for kind in values["instance_types"]:
        if kind not in instance_types():
            yield f"AWS has no instance type {kind}"
        elif bool(_ARM.match(kind)) != arm:
            yield f"{values['ami_type']} does not start on {kind}"


def _endpoint(values: Mapping[str, Any]) -> Iterator[str]:
    found = _ENDPOINT.fullmatch(values["service_name"])
    services = botocore.session.get_session().get_available_services()
    if not found or found[1] not in regions() or found[2] not in services:
        yield f"AWS has no service {values['service_name']}"


def _snapshots(values: Mapping[str, Any]) -> Iterator[str]:
    for details in values["policy_details"]:
        for schedule in details["schedule"]:
            for rule in schedule["create_rule"]:
                if expression := rule["cron_expression"]:
                    yield from schedule_errors(expression)


_CHECKS = {
    "aws_dlm_lifecycle_policy": _snapshots,
    "aws_eks_access_policy_association": _access_policy,
    "aws_eks_addon": _addon,
    "aws_eks_node_group": _node_group,
    "aws_iam_role": _role,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_vpc_endpoint": _endpoint,
}


@cache
def instance_types() -> frozenset[str]:
    model = botocore.session.get_session().get_service_model("ec2")
    return frozenset(model.shape_for("InstanceType").enum)


@cache
def regions() -> frozenset[str]:
    session = botocore.session.get_session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("eks", partition)
    )


# Schedules: docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html

_FIELDS = (
    ("minutes", range(60), ()),
    ("hours", range(24), ()),
    ("day of the month", range(1, 32), ()),
    (
        "month",
        range(1, 13),
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    ),
    ("day of the week", range(1, 8), ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ("year", range(1970, 2200), ()),
)
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
_CRON = re.compile(r"cron\((.*)\)")


def schedule_errors(expression: str) -> Iterator[str]:
    """`rate(1 day)`, `cron(0 3 * * ? *)`."""
    if rate := _RATE.fullmatch(expression):
        if int(rate[1]) == 0 or (int(rate[1]) == 1) == rate[2].endswith("s"):
            yield f"{expression}: one is singular, more is plural, and none is nothing"
    elif cron := _CRON.fullmatch(expression):
        yield from (f"{expression}: {text}" for text in _cron_errors(cron[1].split(" ")))
    else:
        yield f"{expression}: is neither rate(…) nor cron(…)"


def _cron_errors(fields: list[str]) -> Iterator[str]:
    if len(fields) != len(_FIELDS):
        yield f"has {len(fields)} fields, and AWS wants six"
        return
    if (fields[2] == "?") == (fields[4] == "?"):
        yield "one of day of the month and day of the week is ?, and only one"
    for value, (name, numbers, words) in zip(fields, _FIELDS, strict=True):
        days = name.startswith("day of")
        for item in value.split(","):
            if not (days and item == "?") and not _fits(item, numbers, words, days):
                yield f"{name} cannot be {item}"


def _fits(item: str, numbers: range, words: tuple[str, ...], days: bool) -> bool:
    start, _, step = item.partition("/")
    if days and re.fullmatch(r"L|LW|\d+W|\dL|\d#[1-5]", item):
        return True
    if step and not (step.isdigit() and int(step) > 0):
        return False
    ends = start.split("-")
    return start == "*" or (
        len(ends) <= 2 and all(end in words or _number(end) in numbers for end in ends)
    )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else -1


# The load balancer controller's policy


def controller_differences(policy: str, cluster: str) -> Iterator[str]:
    """Returns the differences between the policy and the published one.

    Where the published policy requires the tag of any cluster, the policy requires this cluster's.
    """
    ours = _by_action(json.loads(policy)["Statement"], cluster)
    for action in sorted({*ours, *CONTROLLER}):
        wanted = _widest([_narrowed(one) for one in CONTROLLER.get(action, [])])
        if ours.get(action, []) != wanted:
            yield f"{action}: is allowed {ours.get(action)}, and the published policy says {wanted}"


def _narrowed(allowed: Mapping[str, Any]) -> dict[str, Any]:
    conditions = {
        key: _OWN if _CLUSTER_TAG.fullmatch(key) and value == "present" else value
        for key, value in allowed["if"].items()
    }
    return {**allowed, "if": conditions}


def _by_action(statements: list[dict[str, Any]], cluster: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for statement in statements:
        allowed = {
            "on": sorted(_listed(statement["Resource"])),
            "if": _conditions(statement.get("Condition", {}), cluster),
        }
        if statement["Effect"] != "Allow":
            allowed["effect"] = statement["Effect"]
        for action in _listed(statement["Action"]):
            found.setdefault(action, []).append(allowed)
    return {action: _widest(allowed) for action, allowed in found.items()}


def _conditions(conditions: Mapping[str, Mapping[str, Any]], cluster: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operator, keys in conditions.items():
        for key, value in keys.items():
            if operator == "Null":
                found[key] = "present" if value == "false" else "absent"
            elif _CLUSTER_TAG.fullmatch(key) and (operator, value) == ("StringEquals", cluster):
                found[key] = _OWN
            else:
                equal = operator == "StringEquals"
                found[key] = sorted(_listed(value)) if equal else {operator: value}
    return dict(sorted(found.items()))


def _widest(allowed: list[Any]) -> list[Any]:
    """Returns the permissions without those that another one allows without any condition."""
    free = [one["on"] for one in allowed if not one["if"]]
    kept = [one for one in allowed if not one["if"] or one["on"] not in free]
    return sorted(kept, key=str)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
