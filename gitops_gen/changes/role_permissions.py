"""What roles permit, and which roles a ServiceAccount has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.trees import Objects
from gitops_gen.components.kinds import RBAC
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.plain import as_list, as_map, value_at

ROLES = ((RBAC, "Role"), (RBAC, "ClusterRole"))
BINDINGS = ((RBAC, "RoleBinding"), (RBAC, "ClusterRoleBinding"))
_ACCOUNTS = "system:serviceaccounts"
"""The group of all ServiceAccounts. With a namespace, it is the group of those in it."""


class RolePermission(NamedTuple):
    """One verb for one resource, with the names of the objects if only some may be used."""

    group: str
    resource: str
    verb: str

    def __str__(self) -> str:
        named = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"the verb {self.verb} for {named}"


def permissions_of(role: Values) -> Iterator[RolePermission]:
    """Yields API group, resource (with the allowed names) and verb of each permission."""
    for rule in map(as_map, as_list(role.get("rules"))):
        names = ",".join(sorted(map(str, as_list(rule.get("resourceNames")))))
        suffix = f"[{names}]" if names else ""
        resources = [f"{one}{suffix}" for one in as_list(rule.get("resources"))]
        groups = list(map(str, as_list(rule.get("apiGroups")))) or [""]
        urls = list(map(str, as_list(rule.get("nonResourceURLs"))))
        for verb in map(str, as_list(rule.get("verbs"))):
            for group in groups:
                yield from (RolePermission(group, resource, verb) for resource in resources)
            yield from (RolePermission("", url, verb) for url in urls)


def is_covered(permission: RolePermission, existing: Iterable[RolePermission]) -> bool:
    """Whether one of the existing permissions includes it."""
    kind = permission.resource.partition("[")[0]
    return any(
        old.group in (permission.group, "*")
        and old.resource in (permission.resource, kind, "*")
        and old.verb in (permission.verb, "*")
        for old in existing
    )


class BoundRole(NamedTuple):
    """A role that a binding gives to a ServiceAccount."""

    kind: str
    name: str
    namespace: str
    """The namespace in which it applies; empty for the whole cluster."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" in {self.namespace}" if self.namespace else "")


def bound_roles(
    environment: EnvironmentContext, tree: Objects, namespace: str, account: str
) -> set[BoundRole]:
    """The roles that the bindings of a revision give to a ServiceAccount or to its groups."""
    subjects = {
        ("ServiceAccount", namespace, account),
        ("Group", "", _ACCOUNTS),
        ("Group", "", f"{_ACCOUNTS}:{namespace}"),
    }
    found = set()
    for binding in environment.of_kind(tree, *BINDINGS):
        place = binding.id.namespace
        named = {_subject(one, place) for one in as_list(binding.value.get("subjects"))}
        if named & subjects:
            role = as_map(binding.value.get("roleRef"))
            found.add(BoundRole(str(role.get("kind")), str(role.get("name")), place))
    return found


def _subject(value: object, namespace: str) -> tuple[str, str, str]:
    kind, name = (str(value_at(value, key)) for key in ("kind", "name"))
    if kind != "ServiceAccount":
        return kind, "", name
    return kind, str(value_at(value, "namespace") or namespace), name


def permissions_of_bound(tree: Objects, role: BoundRole) -> list[RolePermission] | None:
    """The permissions of a role; None if the revision does not contain it."""
    namespace = role.namespace if role.kind == "Role" else ""
    item = tree.get(ObjectId(RBAC, role.kind, namespace, role.name))
    return None if item is None else list(permissions_of(item.value))
