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


def limited_roles(view: EnvironmentView) -> frozenset[str]:
    """The names of the ClusterRoles that only RoleBindings refer to, for single namespaces."""
    kinds: dict[str, set[str]] = {}
    for binding in view.of_kind(*_BINDINGS):
        if value_at(binding.value, "roleRef", "kind") == "ClusterRole":
            name = str(value_at(binding.value, "roleRef", "name"))
            kinds.setdefault(name, set()).add(binding.id.kind)
    return frozenset(name for name, of_name in kinds.items() if of_name == {"RoleBinding"})


@dataclass(frozen=True, slots=True)
class BoundAccounts:
    """The ServiceAccounts to which a binding gives a role, and the groups that have one."""

    accounts: frozenset[tuple[str, str]]
    groups: frozenset[str]

    @classmethod
    def of(cls, view: EnvironmentView) -> BoundAccounts:
        found = [one for binding in view.of_kind(*_BINDINGS) for one in subjects(binding)]
        accounts = ((one.namespace, one.name) for one in found if one.kind == _ACCOUNT)
        groups = (one.name for one in found if one.kind == "Group")
        return cls(frozenset(accounts), frozenset(groups))

    def contains(self, namespace: str, account: str) -> bool:
        """Whether a binding gives a role to a ServiceAccount, or to a group that it is in."""
        groups = {"system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
        return (namespace, account) in self.accounts or not groups.isdisjoint(self.groups)
