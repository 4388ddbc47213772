"""Roles with wildcards."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.permissions import ANY, Permission, permissions, roles
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-rbac-wildcard",
    title="Roles name their API groups, resources and verbs",
    why="A wildcard also permits what later versions of Kubernetes and other charts add, and "
    "usually more than the program needs.",
    remedy="List the API groups, resources and verbs that the program uses. If it needs all of "
    "them, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Role
rules:
  - {apiGroups: [""], resources: ["*"], verbs: [get]}""",
    good="""\
kind: Role
rules:
  - {apiGroups: [""], resources: [configmaps], verbs: [get]}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for role in roles(view):
        for permission in permissions(role):
            for key, permitted in _wildcards(permission):
                text = f"{role.id} permits {permitted}"
                yield ObjectIssue(role, text, (*permission.path, key, 0))


def _wildcards(permission: Permission) -> Iterator[tuple[str, str]]:
    """Yields the lists that consist of a wildcard, and what they permit."""
    if ANY in permission.verbs:
        yield "verbs", "all verbs"
    if ANY in permission.resources:
        yield "resources", "access to all resources"
    if ANY in permission.groups:
        yield "apiGroups", "access to all API groups"
    if ANY in permission.urls:
        yield "nonResourceURLs", "access to all URLs of the API server"
