"""Checks planned resources with the rules of the AWS API, from botocore's service models.

The stub provider accepts any text where the schema requires a `string`. The model of the API call
that creates a resource has stricter rules: enums, patterns, lengths and limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape
from workspace import Resource


@dataclass(frozen=True, slots=True)
class Call:
    """`renames` maps the name of an argument in Terraform to a different name in the API."""

    service: str
    operation: str
    renames: Mapping[str, str] = field(default_factory=dict)


CALLS = {
    "aws_cloudwatch_log_group": Call("logs", "CreateLogGroup", {"name": "logGroupName"}),
    "aws_cloudwatch_metric_alarm": Call("cloudwatch", "PutMetricAlarm"),
    "aws_dlm_lifecycle_policy": Call(
        "dlm", "CreateLifecyclePolicy", {"schedule": "Schedules", "target_tags": ""}
    ),
    "aws_eip": Call("ec2", "AllocateAddress"),
    "aws_eks_access_entry": Call("eks", "CreateAccessEntry"),
    "aws_eks_access_policy_association": Call("eks", "AssociateAccessPolicy"),
    "aws_eks_addon": Call(
        "eks", "CreateAddon", {"resolve_conflicts_on_create": "resolveConflicts"}
    ),
    "aws_eks_cluster": Call("eks", "CreateCluster", {"vpc_config": "resourcesVpcConfig"}),
    "aws_eks_node_group": Call(
        "eks", "CreateNodegroup", {"subnet_ids": "subnets", "node_role_arn": "nodeRole"}
    ),
    "aws_eks_pod_identity_association": Call("eks", "CreatePodIdentityAssociation"),
    "aws_flow_log": Call("ec2", "CreateFlowLogs"),
    "aws_iam_role": Call(
        "iam", "CreateRole", {"name": "RoleName", "assume_role_policy": "AssumeRolePolicyDocument"}
    ),
    "aws_iam_role_policy": Call(
        "iam", "PutRolePolicy", {"role": "RoleName", "policy": "PolicyDocument"}
    ),
    "aws_iam_role_policy_attachment": Call("iam", "AttachRolePolicy", {"role": "RoleName"}),
    "aws_kms_key": Call("kms", "CreateKey"),
    "aws_launch_template": Call("ec2", "CreateLaunchTemplate", {"name": "LaunchTemplateName"}),
    "aws_nat_gateway": Call("ec2", "CreateNatGateway"),
    "aws_secretsmanager_secret": Call("secretsmanager", "CreateSecret"),
    "aws_security_group": Call("ec2", "CreateSecurityGroup", {"name": "GroupName"}),
    "aws_subnet": Call("ec2", "CreateSubnet"),
    "aws_vpc": Call("ec2", "CreateVpc"),
    "aws_vpc_endpoint": Call("ec2", "CreateVpcEndpoint"),
}
# The API expects the arguments of a launch template in the member LaunchTemplateData.
INSIDE = {"aws_launch_template": "LaunchTemplateData"}
# These have only IDs and ranges, which types of Terraform and validations of variables check.
WITHOUT_RULES = {
    "aws_default_security_group",
    "aws_ebs_encryption_by_default",
    "aws_internet_gateway",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_secretsmanager_secret_version",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "terraform_data",
}
# Patterns that are only in the documentation of the API, and not in the model.
DOCUMENTED = {
    ("aws_security_group", "description"): r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}",
    (
        "aws_vpc_security_group_egress_rule",
        "description",
    ): r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}",
    (
        "aws_vpc_security_group_ingress_rule",
        "description",
    ): r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}",
    ("aws_launch_template", "name"): r"[a-zA-Z0-9().\-/_]{3,128}",
    ("aws_cloudwatch_log_group", "retention_in_days"): (
        r"1|3|5|7|14|30|60|90|120|150|180|365|400|545|731|1096|1827|2192|2557|2922|3288|3653"
    ),
}


def broken(resources: list[Resource]) -> list[str]:
    """Yields `address.argument: problem` for every rule that a planned value violates."""
    return [message for resource in resources for message in _broken(resource)]


def _broken(resource: Resource) -> Iterator[str]:
    for (kind, name), pattern in DOCUMENTED.items():
        value = resource.values.get(name)
        if kind == resource.type and value is not None and not re.fullmatch(pattern, str(value)):
            yield f"{resource.address}.{name}: {value!r} does not match {pattern}"
    if call := CALLS.get(resource.type):
        shape = _input(call.service, call.operation)
        walk = _Walk(call.renames)
        yield from walk.structure(resource.address, resource.values, shape)
        if inner := INSIDE.get(resource.type):
            data = shape.members[inner]
            assert isinstance(data, StructureShape)
            yield from walk.structure(resource.address, resource.values, data)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _input(service: str, operation: str) -> StructureShape:
    model = _session().get_service_model(service).operation_model(operation)
    assert isinstance(model.input_shape, StructureShape)
    return model.input_shape


@dataclass(frozen=True, slots=True)
class _Walk:
    renames: Mapping[str, str]

    def structure(
        self, path: str, values: Mapping[str, Any], shape: StructureShape
    ) -> Iterator[str]:
        members = {_plain(name): member for name, member in shape.members.items()}
        for name, value in values.items():
            member = self._member(name, members)
            if member is not None and value not in (None, []):  # a missing block is []
                yield from self._value(f"{path}.{name}", value, member)

    def _member(self, name: str, members: Mapping[str, Shape]) -> Shape | None:
        plain = _plain(self.renames.get(name, name))
        return members.get(plain) or members.get(f"{plain}s") or members.get(plain.rstrip("s"))

    def _value(self, path: str, value: Any, shape: Shape) -> Iterator[str]:
        if isinstance(shape, StructureShape):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    yield from self.structure(path, item, shape)
        elif isinstance(shape, ListShape) and isinstance(value, list):
            yield from _limits(path, len(value), shape, "items")
            for item in value:
                yield from self._value(path, item, shape.member)
        elif isinstance(shape, MapShape) and isinstance(value, dict):
            for key, item in value.items():
                yield from _scalar(path, key, shape.key)
                yield from _scalar(path, item, shape.value)
        elif isinstance(value, str | int | float):
            yield from _scalar(path, value, shape)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _scalar(path: str, value: Any, shape: Shape) -> Iterator[str]:
    if shape.type_name == "string" and isinstance(value, str) and value:
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path}: {value!r} is none of {', '.join(shape.enum)}"
        if (pattern := _compiled(shape)) and not pattern.search(value):
            yield f"{path}: {value!r} does not match {pattern.pattern}"
        yield from _limits(path, len(value), shape, "letters")
    elif shape.type_name in ("integer", "long") and not isinstance(value, bool | str):
        yield from _limits(path, value, shape, "")


def _limits(path: str, size: float, shape: Shape, unit: str) -> Iterator[str]:
    if "max" in shape.metadata and size > float(shape.metadata["max"]):
        yield f"{path}: {size} is longer than {shape.metadata['max']} {unit}".rstrip()
    if "min" in shape.metadata and size < float(shape.metadata["min"]):
        yield f"{path}: {size} is less than {shape.metadata['min']} {unit}".rstrip()


def _compiled(shape: Shape) -> re.Pattern[str] | None:
    """The patterns have the syntax of Java. One that Python cannot compile is not checked."""
    pattern = shape.metadata.get("pattern")
    if not pattern or r"\p{" in pattern:
        return None
    anchored = pattern if pattern.startswith("^") else f"^(?:{pattern})$"
    return re.compile(anchored)
