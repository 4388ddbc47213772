"""Bindings that give all permissions."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.permissions import bindings, subjects
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "security-cluster-admin",
    title="No binding gives all permissions",
    why="The role cluster-admin and the group system:masters have all permissions, including the "
    "Secrets of all namespaces. The API server does not check the permissions of system:masters "
    "at all.",
    remedy="Bind a role with the permissions that the program uses. If it must have all "
    "permissions, excuse the finding.",
    excusable=True,
    bad="""\
kind: ClusterRoleBinding
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]""",
    good="""\
kind: RoleBinding
roleRef: {kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]""",
)
_MASTERS = "system:masters"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for binding in bindings(view):
        named = [value_at(binding.value, "roleRef", key) for key in ("kind", "name")]
        if named == ["ClusterRole", "cluster-admin"]:
            account_names = ", ".join(map(str, subjects(binding))) or "no subject yet"
            text = f"{binding.id} gives all permissions (cluster-admin) to {account_names}"
            yield ObjectIssue(binding, text, ("roleRef", "name"))
        for subject in subjects(binding):
            if (subject.kind, subject.name) == ("Group", _MASTERS):
                text = f"{binding.id} uses the group {_MASTERS}, which has all permissions"
                yield ObjectIssue(binding, text, subject.path)
