"""The version of the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Rule, Severity

OLDEST, NEWEST = 30, 37
"""The minors of Kubernetes 1 that our charts and the pinned add-ons' are made for: before 1.30
the API server refuses a container that sleeps before it stops."""

KUBERNETES_VERSION = Rule(
    "kubernetes-version",
    title="The cluster's Kubernetes version is one that the charts are made for",
    why="Older versions refuse fields that the charts use, and newer ones may have removed APIs "
    "that they use.",
    remedy="Use a version in the range that the message states. If you have rehearsed this one, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    version = environment.get("cluster", "kubernetesVersion")
    minor = int(version.partition(".")[2])
    if not OLDEST <= minor <= NEWEST:
        text = (
            f"{version} is none of 1.{OLDEST} to 1.{NEWEST}, for which the charts are known to "
            "work; rehearse the environment before you rely on it"
        )
        path = ("cluster", "kubernetesVersion")
        yield environment.finding(KUBERNETES_VERSION, path, text)
