"""External Secrets Operator, and a separate component for its ClusterSecretStore."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import (
    OWN_NAMESPACE,
    SERVICE_ACCOUNT_OF_THE_CHART,
    Appended,
    Fixed,
    Ownership,
)
from gitops_gen.components.capabilities import CERTIFICATES, EXTERNAL_SECRETS
from gitops_gen.components.chart_values import ChartKeys, selected
from gitops_gen.components.external_secrets import store
from gitops_gen.components.external_secrets.store import SECTION
from gitops_gen.components.types import AddonRole, Component, Namespace, Subchart
from gitops_gen.model import Environment, Values

NAMESPACE = "external-secrets"
STORE = "external-secrets-store"
NAMES = (SECTION[-1], STORE)
FOLDER = Path(__file__).resolve().parent
CHART_KEYS: ChartKeys = (("enabled",), ("store",))
"""The keys that the templates of the store read."""
AWS_ROLE = AddonRole(
    name="external-secrets",
    namespace=NAMESPACE,
    service_account="external-secrets",
    policy="external-secrets.json",
)
_STORE_KIND = "the component external-secrets-store creates a ClusterSecretStore"

ADDON = Addon(
    section=SECTION,
    repository="https://charts.external-secrets.io",
    namespace=NAMESPACE,
    wave=-5,
    provides=frozenset({EXTERNAL_SECRETS}),
    requires=CERTIFICATES,
    namespaces=(Namespace(NAMESPACE),),
    # The kinds that version 2.9.0 renders.
    cluster_kinds=CRDS | CLUSTER_ROLES | VALIDATING_WEBHOOKS,
    # By default, the chart omits it if the CRD does not exist yet.
    monitor={"serviceMonitor": {"enabled": True, "renderMode": "alwaysRender"}},
    ownership=Ownership(
        fixed=(
            Fixed("installCRDs", "no other component installs the CRDs of the operator"),
            Fixed(
                "crds.annotations",
                "deleting a CRD deletes all objects of its kind and their Secrets",
            ),
            Fixed("serviceAccount.name", AWS_ROLE.binding),
            SERVICE_ACCOUNT_OF_THE_CHART,
            Fixed(
                "webhook.certManager.enabled",
                "no other component creates the certificate of the webhook",
            ),
            Fixed("crds.createClusterSecretStore", _STORE_KIND, chart=True),
            Fixed("processClusterStore", _STORE_KIND, chart=True),
            Fixed("namespaceOverride", OWN_NAMESPACE, chart=""),
        ),
        appended=(Appended("extraObjects", "the Issuer of the webhook's certificate"),),
    ),
)

PROVIDES = ADDON.provides | {store.capability(store.NAME)}


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    for operator in ADDON.instances(environment):
        yield operator
        yield _store(environment)


def _store(environment: Environment) -> Component:
    section: Values = environment.get(*SECTION)
    return Component(
        name=STORE,
        namespace=NAMESPACE,
        wave=-3,
        source=Subchart(str(FOLDER), _store_values(environment, section), CHART_KEYS),
        section=(*SECTION, "store"),
        provides=frozenset({store.capability(section["store"]["name"])}),
        requires=ADDON.provides,
        cluster_kinds=frozenset({("external-secrets.io", "ClusterSecretStore")}),
    )


def _store_values(environment: Environment, section: Values) -> Values:
    """Returns the values of the chart; the other keys of the section are for the operator."""
    cluster = environment.values["cluster"]
    computed = {"name": STORE, "partOf": cluster["name"], "region": cluster["region"]}
    return {**selected(section, CHART_KEYS), "computed": computed}
