"""Every role that a binding names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-role",
    title="Every role that a binding names exists",
    why="A binding to a role that does not exist grants nothing, and a program that needs the "
    "permission fails. The role of an existing binding cannot be changed.",
    remedy="Correct the kind or the name, or render the Role or ClusterRole. If something "
    "outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: Role
metadata: {name: reader, namespace: shop}
---
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {kind: ClusterRole, name: reader}""",
    good="""\
kind: Role
metadata: {name: reader, namespace: shop}
---
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {kind: Role, name: reader}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.ROLE)
