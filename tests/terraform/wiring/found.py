"""An applied state, with labels such as `subnet acme-dev-private-eu-west-1a` instead of IDs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workspace import Plan, Workspace

# The label of a resource in the tables by its type. `index` is the key in for_each.
LABELS = {
    "aws_cloudwatch_log_group": "log group {name}",
    "aws_cloudwatch_metric_alarm": "alarm {alarm_name}",
    "aws_default_security_group": "default security group",
    "aws_dlm_lifecycle_policy": "snapshot policy {description}",
    "aws_ebs_encryption_by_default": "encryption of volumes",
    "aws_eip": "address {tags[Name]}",
    "aws_eks_access_entry": "access entry {principal_arn}",
    "aws_eks_access_policy_association": "access policy {principal_arn}",
    "aws_eks_addon": "add-on {addon_name}",
    "aws_eks_cluster": "cluster {name}",
    "aws_eks_node_group": "node group {index}",
    "aws_eks_pod_identity_association": "pods {namespace}/{service_account}",
    "aws_flow_log": "flow log",
    "aws_iam_role": "role {name}",
    "aws_iam_role_policy": "policy {name} of {role}",
    "aws_iam_role_policy_attachment": "{policy_arn} on {role}",
    "aws_internet_gateway": "Internet gateway",
    "aws_kms_key": "key of {description}",
    "aws_launch_template": "launch template {name}",
    "aws_nat_gateway": "NAT gateway {index}",
    "aws_route": "way out of {index}",
    "aws_route_table": "route table {index}",
    "aws_route_table_association": "routes of {index}",
    "aws_secretsmanager_secret": "secret {name}",
    "aws_secretsmanager_secret_version": "content of {index}",
    "aws_security_group": "group {name}",
    "aws_subnet": "subnet {tags[Name]}",
    "aws_vpc": "VPC",
    "aws_vpc_endpoint": "endpoint {service_name}",
    "aws_vpc_security_group_egress_rule": "egress {description}",
    "aws_vpc_security_group_ingress_rule": "ingress {description}",
    "helm_release": "release {name}",
    "kubernetes_secret_v1": "Secret {metadata[0][namespace]}/{metadata[0][name]}",
    "terraform_data": "{address}",
    "data.aws_caller_identity": "{address}",
    "data.aws_eks_addon_version": "version of {index}",
    "data.aws_eks_cluster": "{address}",
    "data.aws_partition": "{address}",
    "data.aws_region": "{address}",
    "data.aws_subnet": "{address}",
    "data.aws_vpc": "{address}",
}
# Arguments of other resources refer to a resource by one of these attributes.
_IDENTITIES = ("id", "arn")
INDEX = re.compile(r'\["[^"]*"\]|\[\d+\]')


@dataclass(frozen=True, slots=True)
class Made:
    """A resource in the state.

    `values` has the labels of other resources instead of their IDs. `configured` has the arguments
    that the configuration sets.
    """

    label: str
    address: str
    type: str
    values: Mapping[str, Any]
    depends_on: frozenset[str]
    configured: frozenset[str]

    def get(self, path: str) -> Any:
        """Returns the value at a path such as `encryption_config.provider.key_arn`, or None."""
        return self._at(self.values, path.split("."))

    def _at(self, value: Any, path: list[str]) -> Any:
        if isinstance(value, list) and path:
            inner = [self._at(item, path) for item in value]
            return inner[0] if len(inner) == 1 else inner or None
        if path:
            return self._at(value.get(path[0]), path[1:]) if isinstance(value, dict) else None
        return None if value in (self.label, [self.label], []) else value


@dataclass(frozen=True, slots=True)
class Found:
    """The result of an apply.

    The plan contains only configured values; the stub invents the other values of the state.
    `calls` has the calls of the stub providers.
    """

    made: tuple[Made, ...]
    outputs: Mapping[str, Any]
    plan: Plan
    state: Plan
    calls: tuple[dict[str, Any], ...]

    def of(self, kind: str) -> Iterator[Made]:
        return (one for one in self.made if one.type == kind)

    def called(self, call: str, **wanted: str) -> Iterator[dict[str, Any]]:
        wanted |= {"call": call}
        return (entry for entry in self.calls if wanted.items() <= entry.items())


def apply(workspace: Workspace, root: str, variables: str, state: str, *more: str) -> Found:
    """Plans and applies with a separate state. `more` are further arguments of the plan."""
    before = len(workspace.calls())
    plan = workspace.plan(root, f"-var-file={variables}", f"-state={state}", *more)
    workspace.run(root, "apply", "-no-color", f"-state={state}", "plan")
    return read(plan, workspace.state(root, state), workspace.calls()[before:])


def read(plan: Plan, state: Plan, calls: Iterable[dict[str, Any]] = ()) -> Found:
    entries = list(_entries(state["values"]["root_module"]))
    labels = [_label(entry) for entry in entries]
    names = {
        str(entry["values"][key]): label
        for entry, label in zip(entries, labels, strict=True)
        for key in _IDENTITIES
        if entry["mode"] == "managed" and entry["values"].get(key)
    }
    resolve = _Names(names)
    configured = dict(_configured(plan["configuration"]["root_module"]))
    made = tuple(
        _made(entry, label, resolve, configured)
        for entry, label in zip(entries, labels, strict=True)
    )
    given = state["values"].get("outputs", {})
    outputs = {name: resolve(one["value"]) for name, one in given.items()}
    return Found(made, outputs, plan, state, tuple(calls))


def _entries(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _entries(child)


def _type(entry: Mapping[str, Any]) -> str:
    prefix = "data." if entry["mode"] == "data" else ""
    return f"{prefix}{entry['type']}"


def _label(entry: dict[str, Any]) -> str:
    form = LABELS.get(_type(entry), "{address}")
    tags = entry["values"].get("tags") or {"Name": None}
    given = {**entry["values"], "tags": tags, "address": entry["address"]}
    return form.format(**given, index=entry.get("index")) if "{" in form else form


class _Names:
    """Replaces IDs in values, lists and strings. A JSON string is replaced by its value."""

    def __init__(self, names: Mapping[str, str]) -> None:
        longest_first = sorted(names, key=len, reverse=True)
        self._names = names
        self._any = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self(inner) for inner in value]
        if isinstance(value, str):
            if value.startswith("{"):
                return self(json.loads(value))
            return self._any.sub(lambda found: self._names[found.group()], value)
        return value


def _made(
    entry: dict[str, Any], label: str, resolve: _Names, configured: Mapping[str, frozenset[str]]
) -> Made:
    address = entry["address"]
    set_here = configured[INDEX.sub("", address)]
    depends_on = frozenset(entry.get("depends_on", ()))
    return Made(label, address, _type(entry), resolve(entry["values"]), depends_on, set_here)


def _configured(module: dict[str, Any], before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    for entry in module.get("resources", ()):
        yield before + entry["address"], frozenset(_paths(entry.get("expressions", {})))
    for name, call in module.get("module_calls", {}).items():
        yield from _configured(call["module"], f"{before}module.{name}.")


def _paths(expressions: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, inner in expressions.items():
        if isinstance(inner, list):  # blocks
            for block in inner:
                yield from _paths(block, f"{before}{name}.")
        elif inner and not inner.keys() & {"references", "constant_value"}:
            yield from _paths(inner, f"{before}{name}.")
        else:
            yield before + name
