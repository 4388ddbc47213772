"""The scaler, as an add-on that a later version of gitops-gen might bring, with an AWS role."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CLUSTER_ROLES, CRDS, Addon
from gitops_gen.components.addon_values import Fixed, Ownership
from gitops_gen.components.types import AddonRole, Component, Namespace
from gitops_gen.model import Environment

SECTION = ("addons", "acme-scaler")
AWS_ROLE = AddonRole(
    name="acme-scaler",
    namespace="acme-scaler",
    service_account="acme-scaler-operator",
    policy="acme-scaler.json",
)

ADDON = Addon(
    section=SECTION,
    repository="https://charts.scaler.example",
    namespace="acme-scaler",
    wave=1,
    provides=frozenset({"crds:scaling.acme.example"}),
    namespaces=(Namespace("acme-scaler"),),
    cluster_kinds=CRDS | CLUSTER_ROLES,
    ownership=Ownership(fixed=(Fixed("serviceAccount.operator.name", AWS_ROLE.binding),)),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
