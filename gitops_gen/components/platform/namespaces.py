"""One Namespace for all components that declare it."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components import catalogue
from gitops_gen.components.types import Component, Namespace, PodSecurity

_OF_THE_CLUSTER = frozenset({"argocd", "default", "kube-node-lease", "kube-public", "kube-system"})
"""Namespaces that the cluster or Argo CD's bootstrap makes."""

LAXNESS: tuple[PodSecurity, ...] = ("restricted", "baseline", "privileged")


def never_owned() -> frozenset[str]:
    """Namespaces that `platform` never makes, whoever declares them."""
    return _OF_THE_CLUSTER.union(*(folder.namespaces_made_elsewhere for folder in catalogue()))


def declared(components: Iterable[Component]) -> tuple[Namespace, ...]:
    """Every namespace that components need, by name."""
    united: dict[str, Namespace] = {}
    for component in components:
        for namespace in component.namespaces:
            declared_before = united.get(namespace.name, Namespace(namespace.name))
            united[namespace.name] = _united(declared_before, namespace)
    return tuple(united[name] for name in sorted(united))


def owned(namespaces: Iterable[Namespace]) -> tuple[Namespace, ...]:
    unowned = never_owned()
    return tuple(namespace for namespace in namespaces if namespace.name not in unowned)


def _united(first: Namespace, second: Namespace) -> Namespace:
    return Namespace(
        first.name,
        pod_security=max(first.pod_security, second.pod_security, key=LAXNESS.index),
        load_balanced=first.load_balanced or second.load_balanced,
        holds_data=first.holds_data or second.holds_data,
        isolated=first.isolated or second.isolated,
    )
