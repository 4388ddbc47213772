"""Bindings that give permissions to everyone."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.permissions import bindings, subjects
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule

RULE = Rule(
    "security-public-subject",
    title="No binding gives permissions to everyone",
    why="Requests without credentials belong to system:anonymous and system:unauthenticated, and "
    "all other requests to system:authenticated. The requests of all Pods also belong to "
    "system:serviceaccounts. A binding to one of these gives its permissions to every such client.",
    remedy="Name the ServiceAccounts or the groups of users. If everyone may have the "
    "permissions, excuse the finding.",
    excusable=True,
    bad="""\
kind: ClusterRoleBinding
roleRef: {kind: ClusterRole, name: reader}
subjects: [{kind: Group, name: "system:authenticated"}]""",
    good="""\
kind: RoleBinding
roleRef: {kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]""",
)
_EVERYONE = {
    ("User", "system:anonymous"): "requests without credentials",
    ("Group", "system:unauthenticated"): "requests without credentials",
    ("Group", "system:authenticated"): "every user and every Pod",
    ("Group", "system:serviceaccounts"): "the Pods of all namespaces",
}


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for binding in bindings(view):
        for subject in subjects(binding):
            if everyone := _EVERYONE.get((subject.kind, subject.name)):
                text = f"{binding.id} gives permissions to {everyone} ({subject.name})"
                yield ObjectIssue(binding, text, subject.path)
