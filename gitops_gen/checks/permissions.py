"""What roles permit, and to whom bindings give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.checks.view import EnvironmentView, maps_in
from gitops_gen.checks.workloads import is_upstream
from gitops_gen.components.kinds import RBAC
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at

ANY = "*"
_ROLES = ((RBAC, "Role"), (RBAC, "ClusterRole"))
_BINDINGS = ((RBAC, "RoleBinding"), (RBAC, "ClusterRoleBinding"))
_ACCOUNT = "ServiceAccount"


@dataclass(frozen=True, slots=True)
class Permission:
    """One rule of a role, with the paths of its lists."""

    path: Path
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    urls: tuple[str, ...]
    is_limited: bool
    """Whether it permits access to named objects only."""

    def permits(self, group: str, resource: str, verb: str) -> bool:
        """Whether the rule names all three, or admits them by `*`."""
        names = ((group, self.groups), (resource, self.resources), (verb, self.verbs))
        return all(one in listed or ANY in listed for one, listed in names)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of a binding, with the path of its name."""

    path: Path
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {place}{self.name}"


def roles(view: EnvironmentView) -> Iterator[KubeObject]:
    """Yields the roles of first-party components and of charts in the repository."""
    return (item for item in view.of_kind(*_ROLES) if not is_upstream(view, item))


def bindings(view: EnvironmentView) -> Iterator[KubeObject]:
    """Yields the bindings of first-party components and of charts in the repository."""
    return (item for item in view.of_kind(*_BINDINGS) if not is_upstream(view, item))


def permissions(role: KubeObject) -> Iterator[Permission]:
    for index, rule in maps_in(role.value, "rules"):
        yield Permission(
            ("rules", index),
            _texts(rule, "apiGroups"),
            _texts(rule, "resources"),
            _texts(rule, "verbs"),
            _texts(rule, "nonResourceURLs"),
            bool(_texts(rule, "resourceNames")),
        )


def _texts(rule: Values, key: str) -> tuple[str, ...]:
    return tuple(map(str, as_list(rule.get(key))))


def subjects(binding: KubeObject) -> Iterator[Subject]:
    for index, subject in maps_in(binding.value, "subjects"):
        kind, namespace = str(subject.get("kind")), str(subject.get("namespace") or "")
        if kind == _ACCOUNT:
            namespace = namespace or binding.id.namespace
        yield Subject(("subjects", index, "name"), kind, namespace, str(subject.get("name")))


def applies_to_all_namespaces(view: EnvironmentView, role: KubeObject) -> bool:
    """Whether a role is a ClusterRole that not only RoleBindings refer to."""
    if role.id.kind != "ClusterRole":
        return False
    kinds = {item.id.kind for item in view.of_kind(*_BINDINGS) if _is_bound_by(item, role)}
    return kinds != {"RoleBinding"}


def _is_bound_by(binding: KubeObject, role: KubeObject) -> bool:
    named = value_at(binding.value, "roleRef", "kind"), value_at(binding.value, "roleRef", "name")
    return named == (role.id.kind, role.id.name)


def has_a_role(view: EnvironmentView, namespace: str, account: str) -> bool:
    """Whether a binding gives a role to a ServiceAccount."""
    groups = {"system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
    return any(
        one.name in groups
        if one.kind == "Group"
        else (one.kind, one.namespace, one.name) == (_ACCOUNT, namespace, account)
        for binding in view.of_kind(*_BINDINGS)
        for one in subjects(binding)
    )
