"""The Prometheus Operator's CRDs: early, so that every component may bring its monitors."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CRDS, Addon
from gitops_gen.components.addon_values import Fixed, Ownership
from gitops_gen.components.capabilities import MONITORING_CRDS, MONITORING_NAMESPACE
from gitops_gen.components.types import Component
from gitops_gen.model import Environment

SECTION = ("addons", "prometheus-operator-crds")

# What the stack and the other components make objects of.
_KINDS = ("alertmanagers", "podmonitors", "prometheuses", "prometheusrules", "servicemonitors")
_MADE = "other components make objects of this kind"

ADDON = Addon(
    section=SECTION,
    repository="https://prometheus-community.github.io/helm-charts",
    # All it brings is cluster-scoped; an Application has to name a namespace all the same.
    namespace=MONITORING_NAMESPACE,
    wave=-30,
    provides=frozenset({MONITORING_CRDS}),
    # What 31.0.1 renders with our values.
    cluster_kinds=CRDS,
    ownership=Ownership(
        fixed=(
            Fixed("crds.annotations", "removing a CRD removes all objects of its kind"),
            *(Fixed(f"crds.{kind}.enabled", _MADE, chart=True) for kind in _KINDS),
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
