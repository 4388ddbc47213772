"""What the add-ons share: an upstream chart, our values for it, and what it may touch.

An add-on's folder is data: the chart's version and our values are its defaults.yaml (so that
the values files merge over them like over any other default, but for what its `ownership`
names), the rest is an `Addon`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from gitops_gen.components import catalogue
from gitops_gen.components.addon_values import Ownership, merged
from gitops_gen.components.types import AtTeardown, Component, Namespace, UpstreamChart
from gitops_gen.model import Environment, Finding, Path, Pin, Values

STACK = ("addons", "kube-prometheus-stack")
MONITORING = "monitoring"
"""The stack's namespace, which comes with its CRDs or with itself."""
MONITORING_CRDS = "crds:monitoring.coreos.com"
# cert-manager issues what needs both: its kinds known, and its webhook there to admit them.
CERT_MANAGER = frozenset({"crds:cert-manager.io", "webhook:cert-manager"})
# What is there before the first sync, where EKS installs it.
EKS_PROVIDES = {"cert-manager": CERT_MANAGER}

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
        return self.monitor if environment.enabled(*STACK) else None

    def _requires(self, environment: Environment) -> frozenset[str]:
        monitored = self._monitor(environment) is not None
        requires = self.requires | ({MONITORING_CRDS} if monitored else frozenset())
        for name in eks_addons(environment):
            requires -= EKS_PROVIDES.get(name, frozenset())
        return requires

    def rules(self, environment: Environment) -> Iterator[Finding]:
        if environment.enabled(*self.section):
            yield from installed_twice(environment, self.section)
            yield from self._refused(environment)

    def _refused(self, environment: Environment) -> Iterator[Finding]:
        ours, laid = self.ours(environment), self._laid(environment)
        for path, text in self.ownership.problems(ours, laid).items():
            keys = (*self.section, "values", *path)
            yield environment.finding("addon-value", keys, text)


def _default_values(section: tuple[str, ...]) -> Values:
    folder = next(folder for folder in catalogue() if folder.section == section)
    values: Values = folder.defaults.value.get("values", {})
    return values


def eks_addons(environment: Environment) -> Iterable[str]:
    installed: list[str] = environment.get("cluster", "eksAddons", default=[])
    return installed


def installed_twice(environment: Environment, section: tuple[str, ...]) -> Iterator[Finding]:
    """EKS itself (through Terraform) and Argo CD would fight over the same objects."""
    for index, name in enumerate(eks_addons(environment)):
        if name == section[-1]:
            path: Path = (*section, "enabled")
            if (mark := environment.sources.get(path)) is None or mark.default:
                path = ("cluster", "eksAddons", index)
            text = f"'{name}' is an EKS add-on of this cluster already (cluster.eksAddons); "
            text += f"switch it off here ({'.'.join(section)}.enabled: false) or in Terraform"
            yield environment.finding("addon-installed-twice", path, text)
