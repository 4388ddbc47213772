"""cert-manager, which issues certificates, mainly for the webhooks of other add-ons."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import OWN_NAMESPACE, Fixed, Ownership, Replaceable
from gitops_gen.components.capabilities import CERTIFICATES
from gitops_gen.components.types import Component, Namespace
from gitops_gen.model import Environment

SECTION = ("addons", "cert-manager")

ADDON = Addon(
    section=SECTION,
    repository="https://charts.jetstack.io",
    namespace="cert-manager",
    wave=-10,
    provides=CERTIFICATES,
    namespaces=(Namespace("cert-manager"),),
    # The kinds that version v1.21.1 renders.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"prometheus": {"servicemonitor": {"enabled": True}}},
    ownership=Ownership(
        fixed=(
            Fixed("crds.enabled", "no other component installs the CRDs of cert-manager"),
            Fixed("crds.keep", "deleting the CRDs deletes all certificates"),
            Fixed(
                "startupapicheck.enabled",
                "the check is a hook, which Argo CD cannot order by sync waves",
            ),
            Fixed("global.leaderElection.namespace", OWN_NAMESPACE),
            Fixed("namespace", OWN_NAMESPACE, chart=""),
            Fixed(
                "cainjector.enabled",
                "it sets the CA in the webhooks of other add-ons",
                chart=True,
            ),
        ),
        replaceable=(Replaceable("webhook.topologySpreadConstraints", "it affects only its Pods"),),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
