"""The CRDs of the Prometheus Operator, in an early wave because components create monitors."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CRDS, Addon
from gitops_gen.components.addon_values import Fixed, Ownership
from gitops_gen.components.capabilities import MONITORING_CRDS, MONITORING_NAMESPACE
from gitops_gen.components.types import Component
from gitops_gen.model import Environment

SECTION = ("addons", "prometheus-operator-crds")

# The kinds of which the stack and other components create objects.
_KINDS = ("alertmanagers", "podmonitors", "prometheuses", "prometheusrules", "servicemonitors")
_IN_USE = "other components create objects of this kind"

ADDON = Addon(
    section=SECTION,
    repository="https://prometheus-community.github.io/helm-charts",
    # All its objects are cluster-scoped, but an Application requires a namespace.
    namespace=MONITORING_NAMESPACE,
    wave=-30,
    provides=frozenset({MONITORING_CRDS}),
    # The kinds that version 31.0.1 renders.
    cluster_kinds=CRDS,
    ownership=Ownership(
        fixed=(
            Fixed("crds.annotations", "deleting a CRD deletes all objects of its kind"),
            *(Fixed(f"crds.{kind}.enabled", _IN_USE, chart=True) for kind in _KINDS),
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
