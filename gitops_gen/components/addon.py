"""What the add-ons share: an upstream chart, our values for it, and what it may touch.

An add-on's folder is data: the chart's version and our values are its defaults.yaml (so that
the values files merge over them like over any other default, but for what its `ownership`
names), the rest is an `Addon`.
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
    """An add-on by an upstream chart, whose name is the section's last key."""

    section: tuple[str, ...]
    repository: str
    namespace: str
    wave: int
    ownership: Ownership
    """Which of our values the user's never replace."""
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    namespaces: tuple[Namespace, ...] = ()
    cluster_kinds: frozenset[tuple[str, str]] = frozenset()
    touches: frozenset[str] = frozenset()
    create_namespace: Values | None = None
    at_teardown: AtTeardown = field(default_factory=AtTeardown)
    monitor: Values | None = None
    """The values that make the chart's ServiceMonitor; used where the stack is on."""
    computed: Callable[[Environment], Values] = nothing_computed
    """The chart's values that follow from the environment, laid under the user's."""

    def instances(self, environment: Environment) -> Iterator[Component]:
        """The component, if it is switched on."""
        if environment.enabled(*self.section):
            yield self._component(environment)

    def _component(self, environment: Environment) -> Component:
        name = self.section[-1]
        pin = Pin(self.repository, name, environment.get(*self.section, "version"))
        values = self.ownership.combined(self.ours(environment), self._laid(environment))
        return Component(
            name=name,
            namespace=self.namespace,
            wave=self.wave,
            source=UpstreamChart(pin=pin, values=values, release=name),
            section=self.section,
            provides=self.provides,
            requires=self._requires(environment),
            namespaces=self.namespaces,
            cluster_kinds=self.cluster_kinds,
            touches=self.touches,
            create_namespace=self.create_namespace,
            at_teardown=self.at_teardown,
        )

    def ours(self, environment: Environment) -> Values:
        """Our values for the chart, without any of the user's."""
        return merged(_default_values(self.section), self._following(environment))

    def _laid(self, environment: Environment) -> Values:
        """The user's values over ours, as layers merge."""
        written = environment.get(*self.section, "values", default={})
        return merged(self._following(environment), written)

    def _following(self, environment: Environment) -> Values:
        """Those of our values that follow from the rest of the environment."""
        return merged(self.computed(environment), self._monitor(environment) or {})

    def _monitor(self, environment: Environment) -> Values | None:
        return self.monitor if is_monitored(environment) else None

    def _requires(self, environment: Environment) -> frozenset[str]:
        monitored = self._monitor(environment) is not None
        requires = self.requires | ({MONITORING_CRDS} if monitored else frozenset())
        return requires - provided_by_eks(environment)

    def refused_values(self, environment: Environment) -> Mapping[Path, str]:
        """The user's values that the platform cannot do with, and why not."""
        return self.ownership.problems(self.ours(environment), self._laid(environment))


def _default_values(section: tuple[str, ...]) -> Values:
    folder = next(folder for folder in catalogue() if folder.section == section)
    values: Values = folder.defaults.value.get("values", {})
    return values
