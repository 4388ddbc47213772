"""Builds peers for the rules of NetworkPolicies."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_gen.model import Values


def namespace(name: str) -> Values:
    """Returns the peer for all Pods of a namespace."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def pods(namespace_name: str, labels: Mapping[str, str]) -> Values:
    """Returns the peer for the Pods of a namespace with these labels."""
    return {**namespace(namespace_name), "podSelector": {"matchLabels": dict(labels)}}


def block(cidr: str) -> Values:
    """Returns the peer for an address range."""
    return {"ipBlock": {"cidr": cidr}}
