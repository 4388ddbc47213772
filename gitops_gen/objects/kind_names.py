"""Kinds as users write them: `Namespace`, or `ClusterRole.rbac.authorization.k8s.io`."""

from __future__ import annotations


def kind_name(group: str, kind: str) -> str:
    """Returns the name of a kind. That of the core group has no group."""
    return f"{kind}.{group}" if group else kind


def group_kind(name: str) -> tuple[str, str]:
    """Returns the group and the kind that a name stands for."""
    kind, _, group = name.partition(".")
    return group, kind
