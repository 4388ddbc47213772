"""Checks PriorityClasses in values: Pods with a missing class cannot be created."""

from __future__ import annotations

from gitops_gen.model import Environment

SYSTEM = frozenset({"system-cluster-critical", "system-node-critical"})


def undeclared(environment: Environment, name: str | None) -> str | None:
    """Returns a message about a class that the values do not declare; None if they do."""
    declared = environment.get("platform", "priorityClasses", default={})
    if name is None or name in SYSTEM or name in declared:
        return None
    return (
        f"PriorityClass '{name}' is not in platform.priorityClasses; if it does not exist in the "
        "cluster, the API server rejects the Pods"
    )
