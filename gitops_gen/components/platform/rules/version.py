"""Rules for the Kubernetes version of the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Rule, Severity

OLDEST, NEWEST = 30, 37
"""The minor versions of Kubernetes 1 that the charts of gitops-gen and the pinned add-ons support.
Before 1.30, the API server rejects a container with a `sleep` preStop hook."""

KUBERNETES_VERSION = Rule(
    "kubernetes-version",
    title="The charts support the cluster's Kubernetes version",
    why="Older versions reject fields that the charts use, and newer versions may have removed "
    "APIs that they use.",
    remedy="Use a version in the range that the message states. If you have rehearsed the "
    "environment with this version, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    version = environment.get("cluster", "kubernetesVersion")
    minor = int(version.partition(".")[2])
    if not OLDEST <= minor <= NEWEST:
        text = (
            f"{version} is not in the range 1.{OLDEST} to 1.{NEWEST} that the charts support; "
            "rehearse the environment before you rely on it"
        )
        path = ("cluster", "kubernetesVersion")
        yield environment.finding(KUBERNETES_VERSION, path, text)
