"""PriorityClasses that a section names: one that the cluster lacks keeps its Pods from being."""

from __future__ import annotations

from gitops_gen.model import Environment

SYSTEM = frozenset({"system-cluster-critical", "system-node-critical"})


def undeclared(environment: Environment, name: str | None) -> str | None:
    """What to say of a class that the values do not make."""
    declared = environment.get("platform", "priorityClasses", default={})
    if name is None or name in SYSTEM or name in declared:
        return None
    return (
        f"PriorityClass '{name}' is not one of platform.priorityClasses; if the cluster does not "
        "have it either, its Pods are refused"
    )
