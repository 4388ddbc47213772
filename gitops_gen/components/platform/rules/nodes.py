"""Rules for components that need more than one node."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Related, Rule

NODES_FOR_REDIS = 3
NODES_FOR_HA = Rule(
    "argocd-ha-nodes",
    title="Argo CD with several replicas has three nodes",
    why="The three Redis Pods must run on three different nodes. With fewer nodes, one of them "
    "stays pending, and Argo CD never becomes ready.",
    remedy="Increase `nodes.min` in terraform/infra, apply, and import the cluster again. "
    "Alternatively, set `argocd.ha: false`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    nodes = environment.get("cluster", "nodes", "min")
    if environment.get("argocd", "ha") and nodes is not None and nodes < NODES_FOR_REDIS:
        place = environment.position(("cluster", "nodes", "min"))
        text = (
            f"needs {NODES_FOR_REDIS} nodes, but the cluster may have only {nodes} ({place}); "
            "increase nodes.min in terraform/infra and import the cluster again, or set it to false"
        )
        related = (Related(place, "the minimum number of nodes"),)
        yield environment.finding(NODES_FOR_HA, ("argocd", "ha"), text, related=related)
