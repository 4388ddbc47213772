"""KEDA, as an add-on that a later version of gitops-gen might bring, with an AWS role."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CLUSTER_ROLES, CRDS, Addon
from gitops_gen.components.addon_values import Fixed, Ownership
from gitops_gen.components.types import AddonRole, Component, Namespace
from gitops_gen.model import Environment

SECTION = ("addons", "keda")
AWS_ROLE = AddonRole(
    name="keda", namespace="keda", service_account="keda-operator", policy="keda.json"
)

ADDON = Addon(
    section=SECTION,
    repository="https://kedacore.github.io/charts",
    namespace="keda",
    wave=1,
    provides=frozenset({"crds:keda.sh"}),
    namespaces=(Namespace("keda"),),
    cluster_kinds=CRDS | CLUSTER_ROLES,
    ownership=Ownership(fixed=(Fixed("serviceAccount.operator.name", AWS_ROLE.binding),)),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
