"""Merges the namespaces that components declare."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components import catalogue
from gitops_gen.components.types import Component, Namespace, PodSecurity

_OF_THE_CLUSTER = frozenset({"argocd", "default", "kube-node-lease", "kube-public", "kube-system"})
"""Namespaces that the cluster or terraform/bootstrap creates."""

LAXNESS: tuple[PodSecurity, ...] = ("restricted", "baseline", "privileged")


def never_owned() -> frozenset[str]:
    """Returns the namespaces that `platform` never creates."""
    return _OF_THE_CLUSTER.union(*(folder.external_namespaces for folder in catalogue()))


def declared(components: Iterable[Component]) -> tuple[Namespace, ...]:
    """Returns all namespaces that components declare, sorted by name."""
    merged: dict[str, Namespace] = {}
    for component in components:
        for namespace in component.namespaces:
            declared_before = merged.get(namespace.name, Namespace(namespace.name))
            merged[namespace.name] = _merged(declared_before, namespace)
    return tuple(merged[name] for name in sorted(merged))


def owned(namespaces: Iterable[Namespace]) -> tuple[Namespace, ...]:
    unowned = never_owned()
    return tuple(namespace for namespace in namespaces if namespace.name not in unowned)


def _merged(first: Namespace, second: Namespace) -> Namespace:
    return Namespace(
        first.name,
        pod_security=max(first.pod_security, second.pod_security, key=LAXNESS.index),
        load_balanced=first.load_balanced or second.load_balanced,
        holds_data=first.holds_data or second.holds_data,
        isolated=first.isolated or second.isolated,
    )
