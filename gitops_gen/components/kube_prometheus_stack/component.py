"""kube-prometheus-stack: Prometheus, Alertmanager and Grafana, for internal use only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import lookup
from gitops_gen.components.capabilities import (
    CERTIFICATES,
    MONITORING_CRDS,
    MONITORING_NAMESPACE,
    MONITORING_STACK,
)
from gitops_gen.components.kube_prometheus_stack.computed import computed
from gitops_gen.components.kube_prometheus_stack.ownership import OWNERSHIP
from gitops_gen.components.types import Component, NamedSecret, Namespace, Volume
from gitops_gen.model import Environment, Values

SECTION = ("addons", "kube-prometheus-stack")
NAME = SECTION[-1]
NAMESPACE = MONITORING_NAMESPACE

ADDON = Addon(
    section=SECTION,
    repository="https://prometheus-community.github.io/helm-charts",
    namespace=NAMESPACE,
    # Last: neither the database nor the tiers need it, so what keeps it from health, a missing
    # Secret for instance, must not keep them waiting.
    wave=40,
    provides=frozenset({MONITORING_STACK}),
    requires=CERTIFICATES | {MONITORING_CRDS},
    # node-exporter looks at the node itself; Prometheus and Alertmanager have volumes.
    namespaces=(Namespace(NAMESPACE, pod_security="privileged", holds_data=True),),
    # What 88.5.3 renders with our values; in kube-system it puts a Service before CoreDNS.
    cluster_kinds=CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    touches=frozenset({"kube-system"}),
    computed=lambda environment: computed(environment.get(*SECTION)),
    ownership=OWNERSHIP,
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    revision = environment.get(*SECTION, "grafana", "passwordRevision", default=1)
    for component in ADDON.instances(environment):
        values = component.source.values
        secrets = tuple(_secrets(values, revision))
        yield replace(component, secrets=secrets, volumes=tuple(_volumes(values)))


def _secrets(values: Values, revision: int) -> Iterator[NamedSecret]:
    """The Secrets that the chart's final values name, whoever wrote them."""
    admin = lookup(values, "grafana", "admin", "existingSecret")
    if admin and lookup(values, "grafana", "enabled") is not False:
        user, password = "admin-user", "admin-password"
        purpose = "Grafana's administrator"
        fields = {user: "admin"}
        yield NamedSecret(NAMESPACE, admin, (user, password), purpose, password, fields, revision)
    config = lookup(values, "alertmanager", "alertmanagerSpec", "configSecret")
    if config and lookup(values, "alertmanager", "enabled") is not False:
        purpose = "Alertmanager's configuration: whom it tells of what"
        yield NamedSecret(NAMESPACE, config, ("alertmanager.yaml",), purpose)


def _volumes(values: Values) -> Iterator[Volume]:
    """Those that the operator makes of the chart's final values, one for each replica."""
    servers = (
        ("prometheus", "prometheusSpec", "storageSpec", "the metrics"),
        ("alertmanager", "alertmanagerSpec", "storage", "silences of alerts"),
    )
    for server, spec, storage, holds in servers:
        claim = lookup(values, server, spec, storage, "volumeClaimTemplate", "spec")
        size = lookup(claim, "resources", "requests", "storage")
        if size is None or lookup(values, server, "enabled") is False:
            continue
        name = f"{server}-{NAME}-{server}"
        for number in range(lookup(values, server, spec, "replicas") or 1):
            yield Volume(
                NAMESPACE,
                f"{name}-db-{name}-{number}",
                str(size),
                str(lookup(claim, "storageClassName")),
                holds,
            )
