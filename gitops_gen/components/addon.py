"""The common code of add-ons: an upstream chart, its default values, and its permissions.

The folder of an add-on contains only data. Its defaults.yaml has the version of the chart and the
values that gitops-gen sets. Values files are merged over these like over all defaults, with the
exceptions in `ownership`. An `Addon` has the other properties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from gitops_gen.components import catalogue
from gitops_gen.components.addon_values import Ownership, merged
from gitops_gen.components.capabilities import MONITORING_CRDS, is_monitored, provided_by_eks
from gitops_gen.components.types import AtTeardown, Component, Namespace, UpstreamChart
from gitops_gen.model import Environment, Path, Pin, Values

CRDS = frozenset({("apiextensions.k8s.io", "CustomResourceDefinition")})
CLUSTER_ROLES = frozenset(
    {
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    }
)
MUTATING_WEBHOOKS = frozenset({("admissionregistration.k8s.io", "MutatingWebhookConfiguration")})
VALIDATING_WEBHOOKS = frozenset(
    {("admissionregistration.k8s.io", "ValidatingWebhookConfiguration")}
)


def nothing_computed(_: Environment) -> Values:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """An add-on from an upstream chart. The last key of the section is the name of the chart."""

    section: tuple[str, ...]
    repository: str
    namespace: str
    wave: int
    ownership: Ownership
    """The values of gitops-gen that the user cannot replace."""
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    namespaces: tuple[Namespace, ...] = ()
    cluster_kinds: frozenset[tuple[str, str]] = frozenset()
    touches: frozenset[str] = frozenset()
    same_app_version_as: tuple[str, ...] | None = None
    """The section of the add-on whose chart must contain the same version of the application."""
    create_namespace: Values | None = None
    at_teardown: AtTeardown = field(default_factory=AtTeardown)
    monitor: Values | None = None
    """The values that enable the chart's ServiceMonitor, if kube-prometheus-stack is enabled."""
    computed: Callable[[Environment], Values] = nothing_computed
    """Returns chart values that are derived from the environment; user values override them."""

    def instances(self, environment: Environment) -> Iterator[Component]:
        """Yields the component, if it is enabled."""
        if environment.enabled(*self.section):
            yield self._component(environment)

    def _component(self, environment: Environment) -> Component:
        name = self.section[-1]
        values = self.ownership.combined(
            self.default_values(environment), self._merged_values(environment)
        )
        return Component(
            name=name,
            namespace=self.namespace,
            wave=self.wave,
            source=UpstreamChart(pin=self.pin(environment), values=values, release=name),
            section=self.section,
            provides=self.provides,
            requires=self._requires(environment),
            namespaces=self.namespaces,
            cluster_kinds=self.cluster_kinds,
            touches=self.touches,
            create_namespace=self.create_namespace,
            at_teardown=self.at_teardown,
        )

    def pin(self, environment: Environment) -> Pin:
        """Returns the chart of the add-on."""
        name = self.section[-1]
        version = environment.get(*self.section, "version")
        source = environment.pinned_charts.get(name, Pin(self.repository, name, version))
        return Pin(source.repository, source.chart, version)

    def default_values(self, environment: Environment) -> Values:
        """Returns the values that gitops-gen sets for the chart."""
        return merged(_folder_defaults(self.section), self._derived_values(environment))

    def _merged_values(self, environment: Environment) -> Values:
        """Returns the user's values merged over those of gitops-gen."""
        written = environment.chart_values(*self.section, "values")
        return merged(self._derived_values(environment), written)

    def _derived_values(self, environment: Environment) -> Values:
        """Returns the values that are derived from other sections of the environment."""
        return merged(self.computed(environment), self._monitor(environment) or {})

    def _monitor(self, environment: Environment) -> Values | None:
        return self.monitor if is_monitored(environment) else None

    def _requires(self, environment: Environment) -> frozenset[str]:
        monitored = self._monitor(environment) is not None
        requires = self.requires | ({MONITORING_CRDS} if monitored else frozenset())
        return requires - provided_by_eks(environment)

    def refused_values(self, environment: Environment) -> Mapping[Path, str]:
        """Returns the user's values that are not allowed, each with a message."""
        return self.ownership.problems(
            self.default_values(environment), self._merged_values(environment)
        )


def _folder_defaults(section: tuple[str, ...]) -> Values:
    folder = next(folder for folder in catalogue() if folder.section == section)
    values: Values = folder.defaults.value.get("values", {})
    return values
