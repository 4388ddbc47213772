"""How many nodes the cluster has, where something needs more than one."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Related, Rule

NODES_FOR_REDIS = 3
NODES_FOR_HA = Rule(
    "argocd-ha-nodes",
    title="Argo CD with several replicas has three nodes",
    why="Its three Redis Pods go to three different nodes, so on fewer nodes one of them waits for "
    "ever and Argo CD is never ready.",
    remedy="Raise `nodes.min` in terraform/infra, apply and import the cluster again, or write "
    "`argocd.ha: false`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    nodes = environment.get("cluster", "nodes", "min")
    if environment.get("argocd", "ha") and nodes is not None and nodes < NODES_FOR_REDIS:
        place = environment.position(("cluster", "nodes", "min"))
        text = (
            f"needs {NODES_FOR_REDIS} nodes, and the cluster may have only {nodes} ({place}); "
            "raise nodes.min in terraform/infra and import the cluster again, or write false"
        )
        related = (Related(place, "how many nodes there are at least"),)
        yield environment.finding(NODES_FOR_HA, ("argocd", "ha"), text, related=related)
