"""Roles with which a program can get more permissions than it has."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.permissions import (
    ANY,
    Permission,
    limited_roles,
    permissions,
    roles,
)
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.components.kinds import RBAC
from gitops_gen.model import Path, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "security-rbac-escalation",
    title="No role allows a program to get more permissions than the role contains",
    why="A program that can create Pods can use every ServiceAccount and Secret of the namespace. "
    "The verbs escalate, bind and impersonate, tokens of other ServiceAccounts, the Secrets of "
    "all namespaces, the kubelet of a node (nodes/proxy) and commands in other Pods have the same "
    "effect.",
    remedy="Remove the permission, or limit it to named objects (`resourceNames`) or to a "
    "namespace. If the program is an operator that needs it, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: ClusterRole
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, list]}""",
    good="""\
kind: Role
rules:
  - {apiGroups: [""], resources: [secrets], resourceNames: [token], verbs: [get]}""",
)
_CORE = ""
_READING = frozenset({"get", "list", "watch"})
_PODS = "create Pods, which can use every ServiceAccount and Secret of the namespace"
_COMMANDS = "run commands in other Pods"
_DANGEROUS: tuple[tuple[str, str, str, str], ...] = (
    (RBAC, "roles", "escalate", "write permissions that it does not have (escalate)"),
    (RBAC, "clusterroles", "escalate", "write permissions that it does not have (escalate)"),
    (RBAC, "roles", "bind", "bind any role (bind)"),
    (RBAC, "clusterroles", "bind", "bind any role (bind)"),
    (_CORE, "users", "impersonate", "act as any user (impersonate)"),
    (_CORE, "groups", "impersonate", "act as any group (impersonate)"),
    (_CORE, "serviceaccounts", "impersonate", "act as any ServiceAccount (impersonate)"),
    (_CORE, "serviceaccounts/token", "create", "create tokens of other ServiceAccounts"),
    (_CORE, "pods", "create", _PODS),
    (_CORE, "pods/exec", "create", _COMMANDS),
    (_CORE, "pods/exec", "get", _COMMANDS),
    (_CORE, "pods/attach", "create", _COMMANDS),
    (_CORE, "pods/attach", "get", _COMMANDS),
    (_CORE, "pods/ephemeralcontainers", "patch", _COMMANDS),
    (_CORE, "pods/ephemeralcontainers", "update", _COMMANDS),
    (_CORE, "nodes/proxy", "get", "use the kubelets of all nodes (nodes/proxy)"),
    (_CORE, "nodes/proxy", "create", "use the kubelets of all nodes (nodes/proxy)"),
)
"""API group, resource and verb of dangerous permissions, and what they allow."""
_OF_ALL_NAMESPACES = (
    (_CORE, "secrets", "get", "read the Secrets of all namespaces"),
    (_CORE, "secrets", "list", "read the Secrets of all namespaces"),
    (_CORE, "secrets", "watch", "read the Secrets of all namespaces"),
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    limited = limited_roles(view)
    for role in roles(view):
        is_limited = role.id.kind == "Role" or role.id.name in limited
        everywhere = () if is_limited else _OF_ALL_NAMESPACES
        for permission in permissions(role):
            # The rule security-rbac-wildcard reports a permission for everything.
            if not (ANY in permission.resources and ANY in permission.verbs):
                yield from _issues(role, permission, (*_DANGEROUS, *everywhere))


def _issues(
    role: KubeObject, permission: Permission, dangerous: tuple[tuple[str, str, str, str], ...]
) -> Iterator[ObjectIssue]:
    """Yields one issue for each effect, at the field that makes the permission dangerous."""
    effects: dict[str, Path] = {}
    for group, resource, verb, effect in dangerous:
        # `resourceNames` does not limit the creation of objects, whose names are not known yet.
        is_limited = permission.is_limited and (verb != "create" or "/" in resource)
        if not is_limited and permission.permits(group, resource, verb):
            effects.setdefault(effect, _field(permission, resource, verb))
    for effect, path in effects.items():
        yield ObjectIssue(role, f"{role.id} allows its subjects to {effect}", path)


def _field(permission: Permission, resource: str, verb: str) -> Path:
    """The verb, unless it is an ordinary verb for a dangerous resource."""
    if verb in _READING or "/" in resource:
        return (*permission.path, "resources", _index(permission.resources, resource))
    return (*permission.path, "verbs", _index(permission.verbs, verb))


def _index(listed: tuple[str, ...], name: str) -> int:
    """The index of a name, or of the wildcard that admits it."""
    return listed.index(name if name in listed else ANY)
