"""ExternalDNS, which creates the DNS records of Ingresses in Amazon Route 53."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CLUSTER_ROLES, CRDS, Addon
from gitops_gen.components.addon_values import (
    OWN_NAMESPACE,
    SERVICE_ACCOUNT_OF_THE_CHART,
    Fixed,
    Ownership,
    Replaceable,
)
from gitops_gen.components.types import AddonRole, Component, Namespace
from gitops_gen.model import Environment, Values

SECTION = ("addons", "external-dns")
NAMESPACE = "external-dns"
AWS_ROLE = AddonRole(
    name="external-dns",
    namespace=NAMESPACE,
    service_account="external-dns",
    policy="external-dns.json",
)
_OWN_RECORDS = "otherwise it would change records that it did not create"


def _owner(environment: Environment) -> Values:
    return {"txtOwnerId": environment.values["cluster"]["name"]}


ADDON = Addon(
    section=SECTION,
    repository="https://kubernetes-sigs.github.io/external-dns",
    namespace=NAMESPACE,
    # After the controller that creates the load balancers to which the records point.
    wave=5,
    namespaces=(Namespace(NAMESPACE),),
    # The kinds that version 1.21.1 renders.
    cluster_kinds=CRDS | CLUSTER_ROLES,
    monitor={"serviceMonitor": {"enabled": True}},
    computed=_owner,
    ownership=Ownership(
        fixed=(
            Fixed(
                "txtOwnerId",
                "this is cluster.name, by which it recognizes the records that it created",
            ),
            Fixed("registry", _OWN_RECORDS, chart="txt"),
            Fixed("provider.name", "its IAM role is for Route 53 only", chart="aws"),
            Fixed("serviceAccount.name", AWS_ROLE.binding),
            SERVICE_ACCOUNT_OF_THE_CHART,
            Fixed("namespaceOverride", OWN_NAMESPACE, chart=""),
        ),
        replaceable=(Replaceable("sources", "a list of sources replaces it deliberately"),),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
