"""Where the cache may run."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Rule

NAMESPACE = Rule(
    "acme-cache-namespace",
    title="The cache does not run in a namespace of the cluster",
    why="The namespace would be isolated for the cache, and cut off from everything else.",
    remedy="Give the cache a namespace of its own.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    path = ("acme-cache", "namespace")
    if environment.get(*path) == "kube-system":
        yield environment.finding(NAMESPACE, path, "'kube-system' is the cluster's own")
