"""Checks the source text for settings that neither a plan nor a state contains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_BLOCK = re.compile(r'^(resource|terraform) ?"?(\w*)"? ?"?(\w*)"? ?\{\n(.*?)^\}', re.S | re.M)
_LIFE = re.compile(
    r"^ +(ignore_changes|create_before_destroy|prevent_destroy|replace_triggered_by) += +"
    r"([^#\n}]+?) *(?:#.*|\})?$",
    re.M,
)
_ONE_LINE = re.compile(r"lifecycle \{ (\w+) = ([^}]+?) \}")
_TERRAFORM = re.compile(
    r'^ +(required_version|encrypt|use_lockfile) += +(.+)$|(\w+) += \{ source = "(.+?)", '
    r'version = "(.+?)" \}',
    re.M,
)

# The lifecycle settings of each resource.
LIFECYCLES = {
    # An autoscaler or a user changes it: docs/runbook.md, More nodes.
    "aws_eks_node_group.zone": {
        "create_before_destroy": "true",
        "ignore_changes": "[scaling_config[0].desired_size]",
    },
    # The state stores its cluster, and a plan for another cluster fails.
    "terraform_data.identity": {"ignore_changes": "[input]"},
    # A namespace that is added later cannot get the password, because it is not stored.
    "terraform_data.copies": {"ignore_changes": "[input]"},
}
# Version constraints. S3 locks and write-only arguments need Terraform 1.11.
NEEDED = {
    "required_version": '">= 1.11"',
    "hashicorp/aws": ">= 6.28, < 7",
    "hashicorp/helm": "~> 3.1",
    "hashicorp/kubernetes": "~> 3.0",
    "hashicorp/random": "~> 3.7",
    # The state is encrypted and locked.
    "encrypt": "true",
    "use_lockfile": "true",
}
# The moves of a cluster of an earlier version. Without them, Terraform would replace resources.
MOVED = {
    "module.network": "module.network[0]",
    "module.network[0].aws_security_group.this": "module.security_groups.aws_security_group.this",
    "module.network[0].aws_vpc_security_group_ingress_rule.this": (
        "module.security_groups.aws_vpc_security_group_ingress_rule.this"
    ),
    "module.network[0].aws_vpc_security_group_egress_rule.this": (
        "module.security_groups.aws_vpc_security_group_egress_rule.this"
    ),
    **{
        f"module.network[0].module.flow_role.{kind}.this": (
            f"module.network[0].module.flow_role[0].{kind}.this"
        )
        for kind in ("aws_iam_role", "aws_iam_role_policy")
    },
    "aws_eks_access_entry.admin": "aws_eks_access_entry.this",
    "aws_eks_access_policy_association.admin": "aws_eks_access_policy_association.this",
}
_MOVED = re.compile(r"^moved \{\n  from = (\S+)\n  to   = (\S+)\n\}", re.M)
_BACKEND = {"encrypt", "use_lockfile"}
# Required text of the two local charts, which the stub does not render.
CHARTS = {
    # Helm never deletes the namespaces, because they may contain data.
    "bootstrap/namespaces-chart/templates/namespaces.yaml": (
        "kind: Namespace\n",
        "    helm.sh/resource-policy: keep\n",
    ),
    # The generated manifest, unchanged.
    "modules/argocd/bootstrap-chart/templates/manifest.yaml": ("{{ .Values.manifest }}\n",),
}
ROOTS = ("infra", "bootstrap")


def findings(terraform: Path) -> Iterator[str]:
    paths = (path for path in sorted(terraform.rglob("*.tf")) if _is_code(path))
    code = {path.relative_to(terraform): path.read_text() for path in paths}
    yield from _of_blocks(code)
    yield from _of_moves(code)
    yield from _of_charts(terraform)


def _of_blocks(code: Mapping[Path, str]) -> Iterator[str]:
    found: dict[str, dict[str, str]] = {}
    for path, text in code.items():
        for kind, first, second, body in _BLOCK.findall(text):
            if kind == "resource" and (life := _life(body)):
                found.setdefault(f"{first}.{second}", {}).update(life)
            elif kind == "terraform":
                yield from _of_terraform(path, body)
    for name in sorted({*found, *LIFECYCLES}):
        if found.get(name, {}) != LIFECYCLES.get(name, {}):
            yield f"{name}: its lifecycle is {found.get(name)}, not {LIFECYCLES.get(name)}"


def _of_moves(code: Mapping[Path, str]) -> Iterator[str]:
    moved = dict(pair for text in code.values() for pair in _MOVED.findall(text))
    if moved != MOVED:
        yield f"moved: {moved}, not {MOVED}"


def _of_charts(terraform: Path) -> Iterator[str]:
    for chart, needed in CHARTS.items():
        text = (terraform / chart).read_text()
        yield from (f"{chart}: has no line {line.strip()!r}" for line in needed if line not in text)


def _is_code(path: Path) -> bool:
    of_tests = path.parent.name == "example" or "tests" in path.parts[-3:]
    return not of_tests and not path.name.endswith("_override.tf")


def _life(body: str) -> dict[str, str]:
    return {**dict(_LIFE.findall(body)), **dict(_ONE_LINE.findall(body))}


def _of_terraform(path: Path, body: str) -> Iterator[str]:
    given = {name or source: value or version for name, value, _, source, version in _needed(body)}
    for name, value in given.items():
        if value != NEEDED.get(name):
            yield f"{path}: {name} is {value}, not {NEEDED.get(name)}"
    missing = _BACKEND - given.keys() if path.parent.name in ROOTS else set()
    yield from (f"{path}: the backend has no {name}" for name in sorted(missing))


def _needed(body: str) -> list[tuple[str, str, str, str, str]]:
    found: list[tuple[str, str, str, str, str]] = _TERRAFORM.findall(body)
    return found
