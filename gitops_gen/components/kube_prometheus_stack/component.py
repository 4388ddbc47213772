"""kube-prometheus-stack, with Prometheus, Alertmanager and Grafana, for internal use only."""

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
from gitops_gen.components.types import (
    Component,
    NamedSecret,
    Namespace,
    PublicField,
    Volume,
)
from gitops_gen.model import Environment, Values

SECTION = ("addons", "kube-prometheus-stack")
NAME = SECTION[-1]
NAMESPACE = MONITORING_NAMESPACE

ADDON = Addon(
    section=SECTION,
    repository="https://prometheus-community.github.io/helm-charts",
    namespace=NAMESPACE,
    # The last wave: the database and the tiers do not need it, so they must not wait for it if it
    # does not become healthy, for example because a Secret is missing.
    wave=40,
    provides=frozenset({MONITORING_STACK}),
    requires=CERTIFICATES | {MONITORING_CRDS},
    # node-exporter reads files of the node; Prometheus and Alertmanager have volumes.
    namespaces=(Namespace(NAMESPACE, pod_security="privileged", holds_data=True),),
    # The kinds that version 88.5.3 renders. In kube-system, it creates a Service for CoreDNS.
    cluster_kinds=CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    touches=frozenset({"kube-system"}),
    # Both charts contain one version of the Prometheus Operator.
    same_app_version_as=("addons", "prometheus-operator-crds"),
    computed=lambda environment: computed(environment.get(*SECTION)),
    ownership=OWNERSHIP,
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    revision = environment.get(*SECTION, "grafana", "passwordRevision", default=1)
    for component in ADDON.instances(environment):
        values = component.source.values
        secrets = tuple(_secrets(values, revision))
        yield replace(
            component,
            secrets=secrets,
            volumes=tuple(_volumes(values)),
            public_fields=tuple(_public_fields(environment)),
        )


def _public_fields(environment: Environment) -> Iterator[PublicField]:
    """Yields the configuration of Alertmanager, unless the user wrote a part of it."""
    alertmanager = (*SECTION, "values", "alertmanager")
    keys = ("config", "stringConfig", "templateFiles")
    if not any(environment.written(*alertmanager, key) for key in keys):
        name = f"Secret {NAMESPACE}/alertmanager-{NAME}-alertmanager"
        reason = "It is the default of the chart, without receivers."
        yield PublicField(name, 'data."alertmanager.yaml"', reason)


def _secrets(values: Values, revision: int) -> Iterator[NamedSecret]:
    """Yields the Secrets that the merged values of the chart reference."""
    admin = lookup(values, "grafana", "admin", "existingSecret")
    if admin and lookup(values, "grafana", "enabled") is not False:
        user, password = "admin-user", "admin-password"
        purpose = "Grafana's administrator"
        fields = {user: "admin"}
        yield NamedSecret(NAMESPACE, admin, (user, password), purpose, password, fields, revision)
    config = lookup(values, "alertmanager", "alertmanagerSpec", "configSecret")
    if config and lookup(values, "alertmanager", "enabled") is not False:
        purpose = "Alertmanager's configuration with its receivers"
        yield NamedSecret(NAMESPACE, config, ("alertmanager.yaml",), purpose)


def _volumes(values: Values) -> Iterator[Volume]:
    """Yields the volumes that the operator creates from the merged values, one per replica."""
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
