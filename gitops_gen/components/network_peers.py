"""Peers of a NetworkPolicy's rules."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_gen.model import Values


def namespace(name: str) -> Values:
    """All Pods of a namespace."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def pods(namespace_name: str, labels: Mapping[str, str]) -> Values:
    """The Pods of a namespace that have these labels."""
    return {**namespace(namespace_name), "podSelector": {"matchLabels": dict(labels)}}


def block(cidr: str) -> Values:
    """An address range."""
    return {"ipBlock": {"cidr": cidr}}
