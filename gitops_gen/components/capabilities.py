"""Capabilities that several components share, and whether an environment has one.

Who requires a capability names no component: it may come from an add-on of gitops-gen's, from a
chart of the user's own that has the add-on's name, or from EKS.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder, catalogue
from gitops_gen.model import Environment

CERTIFICATES = frozenset({"crds:cert-manager.io", "webhook:cert-manager"})
"""What a certificate takes: its kinds are known, and the webhook is there that admits them."""
EXTERNAL_SECRETS = "crds:external-secrets.io"
LOAD_BALANCER_CONTROLLER = "ingress-controller:alb"
MONITORING_CRDS = "crds:monitoring.coreos.com"
MONITORING_STACK = "monitoring:stack"
MONITORING_NAMESPACE = "monitoring"
"""Of the stack: NetworkPolicies admit its Prometheus from there."""


def providers(capability: str) -> Iterator[Folder]:
    """The components of gitops-gen's that provide it where they are on."""
    return (folder for folder in catalogue() if capability in folder.provides)


def is_provided(environment: Environment, capability: str) -> bool:
    """Whether a component of gitops-gen's provides it."""
    return any(environment.enabled(*folder.section) for folder in providers(capability))


def is_synced(environment: Environment, capability: str) -> bool:
    """Whether Argo CD installs what provides it: a component of gitops-gen's, or a chart of the
    user's own in its place."""
    return any(_is_on(environment, folder.section) for folder in providers(capability))


def is_monitored(environment: Environment) -> bool:
    """Whether gitops-gen's stack runs, and takes ServiceMonitors and PrometheusRules."""
    return is_provided(environment, MONITORING_STACK)


def provided_by_eks(environment: Environment) -> frozenset[str]:
    """What is there before the first sync, since EKS installs it."""
    installed = eks_addons(environment)
    found = (folder for folder in catalogue() if folder.addon and folder.section[-1] in installed)
    return frozenset[str]().union(*(folder.provides for folder in found))


def eks_addons(environment: Environment) -> tuple[str, ...]:
    return tuple(environment.get("cluster", "eksAddons", default=()))


def _is_on(environment: Environment, section: tuple[str, ...]) -> bool:
    values = environment.get(*section)
    return isinstance(values, dict) and values.get("enabled") is not False
