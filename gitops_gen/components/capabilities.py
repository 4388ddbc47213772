"""Capabilities that several components share, and whether an environment has one.

A component that requires a capability does not name a component: the provider may be an add-on of
gitops-gen, a user-defined chart with the name of the add-on, or EKS.
"""

from __future__ import annotations

from functools import cache

from gitops_gen.components import Folder, catalogue
from gitops_gen.model import Environment

CERTIFICATES = frozenset({"crds:cert-manager.io", "webhook:cert-manager"})
"""The requirements of a certificate: the CRDs exist, and the webhook that admits it runs."""
EXTERNAL_SECRETS = "crds:external-secrets.io"
LOAD_BALANCER_CONTROLLER = "ingress-controller:alb"
MONITORING_CRDS = "crds:monitoring.coreos.com"
MONITORING_STACK = "monitoring:stack"
MONITORING_NAMESPACE = "monitoring"
"""The namespace of the stack, from which NetworkPolicies allow its Prometheus."""


@cache
def providers(capability: str) -> tuple[Folder, ...]:
    """Returns the component folders of gitops-gen that provide it if they are enabled."""
    return tuple(folder for folder in catalogue() if capability in folder.provides)


def is_provided(environment: Environment, capability: str) -> bool:
    """Whether an enabled component of gitops-gen provides it."""
    return any(environment.enabled(*folder.section) for folder in providers(capability))


def is_synced(environment: Environment, capability: str) -> bool:
    """Whether Argo CD installs a provider: a component of gitops-gen, or a user-defined chart that
    replaces it."""
    return any(_is_on(environment, folder.section) for folder in providers(capability))


def is_monitored(environment: Environment) -> bool:
    """Whether kube-prometheus-stack is enabled, which uses ServiceMonitors and PrometheusRules."""
    return is_provided(environment, MONITORING_STACK)


def provided_by_eks(environment: Environment) -> frozenset[str]:
    """Returns the capabilities of EKS add-ons, which exist before the first sync."""
    installed = eks_addons(environment)
    found = (folder for folder in catalogue() if folder.addon and folder.section[-1] in installed)
    return frozenset[str]().union(*(folder.provides for folder in found))


def eks_addons(environment: Environment) -> tuple[str, ...]:
    return tuple(environment.get("cluster", "eksAddons", default=()))


def _is_on(environment: Environment, section: tuple[str, ...]) -> bool:
    values = environment.get(*section)
    return isinstance(values, dict) and values.get("enabled") is not False
