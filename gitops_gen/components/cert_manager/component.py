"""cert-manager: certificates, above all those of the other add-ons' webhooks."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CERT_MANAGER,
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
    Fixed,
)
from gitops_gen.components.types import Component, Namespace
from gitops_gen.model import Environment, Finding

SECTION = ("addons", "cert-manager")

ADDON = Addon(
    section=SECTION,
    repository="https://charts.jetstack.io",
    namespace="cert-manager",
    wave=-10,
    provides=CERT_MANAGER,
    namespaces=(Namespace("cert-manager"),),
    # What v1.21.1 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"prometheus": {"servicemonitor": {"enabled": True}}},
    fixed=(
        Fixed("crds.enabled", True, "nothing else brings cert-manager's CRDs"),
        Fixed(
            "startupapicheck.enabled", False, "it is a hook, and hooks do not fit Argo CD's waves"
        ),
        Fixed(
            "global.leaderElection.namespace",
            "cert-manager",
            "the AppProject admits this add-on to no other namespace",
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)


def rules(environment: Environment) -> Iterable[Finding]:
    return ADDON.rules(environment)
