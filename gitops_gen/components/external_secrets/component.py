"""External Secrets Operator and, as a component of its own, its store in AWS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import Appended, Fixed, Ownership
from gitops_gen.components.capabilities import CERTIFICATES, EXTERNAL_SECRETS
from gitops_gen.components.external_secrets import store
from gitops_gen.components.external_secrets.store import SECTION
from gitops_gen.components.types import AddonRole, Component, Namespace, Subchart
from gitops_gen.model import Environment, Values

NAMESPACE = "external-secrets"
STORE = "external-secrets-store"
NAMES = (SECTION[-1], STORE)
FOLDER = Path(__file__).resolve().parent
AWS_ROLE = AddonRole(
    name="external-secrets",
    namespace=NAMESPACE,
    service_account="external-secrets",
    policy="external-secrets.json",
)
_STORE_KIND = "the component external-secrets-store is a ClusterSecretStore"

ADDON = Addon(
    section=SECTION,
    repository="https://charts.external-secrets.io",
    namespace=NAMESPACE,
    wave=-5,
    provides=frozenset({EXTERNAL_SECRETS}),
    requires=CERTIFICATES,
    namespaces=(Namespace(NAMESPACE),),
    # What 2.9.0 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | VALIDATING_WEBHOOKS,
    # The chart would leave it out where it does not see the CRD yet.
    monitor={"serviceMonitor": {"enabled": True, "renderMode": "alwaysRender"}},
    ownership=Ownership(
        fixed=(
            Fixed("installCRDs", "nothing else brings the operator's CRDs"),
            Fixed(
                "crds.annotations",
                "removing a CRD removes all objects of its kind and their Secrets",
            ),
            Fixed("serviceAccount.name", AWS_ROLE.binding),
            Fixed(
                "serviceAccount.create",
                "Terraform binds the AWS role to this ServiceAccount, which nothing else makes",
                chart=True,
            ),
            Fixed("webhook.certManager.enabled", "nothing else makes the webhook's certificate"),
            Fixed("crds.createClusterSecretStore", _STORE_KIND, chart=True),
            Fixed("processClusterStore", _STORE_KIND, chart=True),
            Fixed(
                "namespaceOverride",
                "the AppProject admits this add-on to no other namespace",
                chart="",
            ),
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
        source=Subchart(str(FOLDER), _store_values(environment, section)),
        section=(*SECTION, "store"),
        provides=frozenset({store.capability(section["store"]["name"])}),
        requires=ADDON.provides,
        cluster_kinds=frozenset({("external-secrets.io", "ClusterSecretStore")}),
    )


def _store_values(environment: Environment, section: Values) -> Values:
    """The section without `values`, which are the operator's chart's and not this one's."""
    chart_values = {key: value for key, value in section.items() if key != "values"}
    cluster = environment.values["cluster"]
    computed = {"name": STORE, "partOf": cluster["name"], "region": cluster["region"]}
    return {**chart_values, "computed": computed}
