"""What the add-ons share: an upstream chart, our values for it, and what it may touch.

An add-on's folder is data: the chart's version and our values are its defaults.yaml (so that
the values files merge over them like over any other default), the rest is an `Addon`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from gitops_gen.components.types import Component, Namespace, UpstreamChart
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


class Fixed(NamedTuple):
    """A value of the chart that the rest of the platform relies on."""

    path: str
    """Keys joined by dots, below the add-on's `values`."""
    value: Any
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """An add-on by an upstream chart, whose name is the section's last key."""

    section: tuple[str, ...]
    repository: str
    namespace: str
    wave: int
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    namespaces: tuple[Namespace, ...] = ()
    cluster_kinds: frozenset[tuple[str, str]] = frozenset()
    touches: frozenset[str] = frozenset()
    create_namespace: Values | None = None
    monitor: Values | None = None
    """The values that make the chart's ServiceMonitor; used where the stack is on."""
    fixed: tuple[Fixed, ...] = ()

    def instances(
        self, environment: Environment, computed: Values | None = None
    ) -> Iterator[Component]:
        """The component, if it is switched on; `computed` is laid under the user's values."""
        if environment.enabled(*self.section):
            yield self.component(environment, computed or {})

    def component(self, environment: Environment, computed: Values) -> Component:
        name = self.section[-1]
        monitor = self.monitor if environment.enabled(*STACK) else None
        own = environment.get(*self.section, "values", default={})
        pin = Pin(self.repository, name, environment.get(*self.section, "version"))
        values = merged(merged(computed, monitor or {}), own)
        return Component(
            name=name,
            namespace=self.namespace,
            wave=self.wave,
            source=UpstreamChart(pin=pin, values=values, release=name),
            section=self.section,
            provides=self.provides,
            requires=self._requires(environment, monitored=monitor is not None),
            namespaces=self.namespaces,
            cluster_kinds=self.cluster_kinds,
            touches=self.touches,
            create_namespace=self.create_namespace,
        )

    def _requires(self, environment: Environment, *, monitored: bool) -> frozenset[str]:
        requires = self.requires | ({MONITORING_CRDS} if monitored else frozenset())
        for name in eks_addons(environment):
            requires -= EKS_PROVIDES.get(name, frozenset())
        return requires

    def rules(self, environment: Environment) -> Iterator[Finding]:
        if environment.enabled(*self.section):
            yield from installed_twice(environment, self.section)
            yield from self._changed(environment)

    def _changed(self, environment: Environment) -> Iterator[Finding]:
        for path, value, reason in self.fixed:
            keys = (*self.section, "values", *path.split("."))
            if environment.get(*keys) != value:
                text = f"must stay {_shown(value)}: {reason}"
                yield environment.finding("addon-value", keys, text)


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


def merged(lower: Values, upper: Values) -> Values:
    """As layers merge: maps key by key, all else is replaced."""
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(cast(Values, below), value) if both else value
    return result


def lookup(values: Any, *keys: str) -> Any:
    """The value at a path of keys in a chart's values, None where there is no such thing."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"
