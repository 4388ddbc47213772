"""The kinds of add-ons whose CRDs are not rendered, because Argo CD or EKS installs the add-on.

A chart that gitops-gen renders may create objects of these kinds, or ask Helm whether they exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.components.capabilities import EXTERNAL_SECRETS, MONITORING_CRDS, provided_by_eks
from gitops_gen.components.kinds import CLUSTER_SCOPED_BY_ADDONS
from gitops_gen.components.types import Component
from gitops_gen.model import Environment

_KINDS = {
    MONITORING_CRDS: {
        "monitoring.coreos.com/v1": "Alertmanager PodMonitor Probe Prometheus PrometheusRule "
        "ServiceMonitor ThanosRuler",
        "monitoring.coreos.com/v1alpha1": "AlertmanagerConfig PrometheusAgent ScrapeConfig",
    },
    "crds:cert-manager.io": {
        "cert-manager.io/v1": "Certificate CertificateRequest ClusterIssuer Issuer",
        "acme.cert-manager.io/v1": "Challenge Order",
    },
    EXTERNAL_SECRETS: {
        "external-secrets.io/v1": "ClusterExternalSecret ClusterSecretStore ExternalSecret "
        "SecretStore",
    },
}
"""Capability -> API version -> the kinds that charts use."""


def known_api_versions(environment: Environment, components: Iterable[Component]) -> frozenset[str]:
    """The API versions of the add-ons of an environment that Argo CD or EKS installs."""
    capabilities = set(provided_by_eks(environment))
    for component in components:
        if not component.source.is_hydrated:
            capabilities |= component.provides
    pairs = [pair for name in capabilities for pair in _pairs(name)]
    return frozenset(api for api, _ in pairs) | {f"{api}/{kind}" for api, kind in pairs}


def _pairs(capability: str) -> Iterator[tuple[str, str]]:
    for api_version, kinds in _KINDS.get(capability, {}).items():
        yield from ((api_version, kind) for kind in kinds.split())


NAMESPACED_BY_ADDONS = (
    frozenset((api.rpartition("/")[0], kind) for name in _KINDS for api, kind in _pairs(name))
    - CLUSTER_SCOPED_BY_ADDONS
)
"""The kinds of these add-ons whose objects are in a namespace."""
