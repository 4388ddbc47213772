"""cert-manager: certificates, above all those of the other add-ons' webhooks."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import Fixed, Ownership, Replaceable
from gitops_gen.components.capabilities import CERTIFICATES
from gitops_gen.components.types import Component, Namespace
from gitops_gen.model import Environment

SECTION = ("addons", "cert-manager")

_OWN_NAMESPACE = "the AppProject admits this add-on to no other namespace"

ADDON = Addon(
    section=SECTION,
    repository="https://charts.jetstack.io",
    namespace="cert-manager",
    wave=-10,
    provides=CERTIFICATES,
    namespaces=(Namespace("cert-manager"),),
    # What v1.21.1 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"prometheus": {"servicemonitor": {"enabled": True}}},
    ownership=Ownership(
        fixed=(
            Fixed("crds.enabled", "nothing else brings cert-manager's CRDs"),
            Fixed("crds.keep", "removing the CRDs removes all certificates"),
            Fixed("startupapicheck.enabled", "it is a hook, and hooks do not fit Argo CD's waves"),
            Fixed("global.leaderElection.namespace", _OWN_NAMESPACE),
            Fixed("namespace", _OWN_NAMESPACE, chart=""),
            Fixed(
                "cainjector.enabled",
                "it gives the webhooks of the other add-ons their CA",
                chart=True,
            ),
        ),
        replaceable=(
            Replaceable("webhook.topologySpreadConstraints", "nothing but its Pods relies on it"),
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
