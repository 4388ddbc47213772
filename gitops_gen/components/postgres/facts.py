"""Properties of an environment's database, derived from the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gitops_gen.components.backing import consumers
from gitops_gen.components.capabilities import is_monitored
from gitops_gen.components.external_secrets.store import Service, store_name, store_service
from gitops_gen.components.images import reference
from gitops_gen.model import Environment, Values

NAME = "postgres"
"""The name of the component, the StatefulSet and the Services, which is the host for tiers."""

KEY = "database"
"""The key of a tier that uses the database. Its value is NAME."""

CREDENTIALS = "postgres-credentials"
"""The Secret that an ExternalSecret creates, unless the values set another name."""


@dataclass(frozen=True, slots=True)
class Database:
    """The section `postgres` of an environment, with properties derived from other sections."""

    environment: Environment

    @property
    def section(self) -> Values:
        section: Values = self.environment.get(NAME, default={})
        return section

    @property
    def namespace(self) -> str:
        return str(self.section["namespace"])

    @property
    def external(self) -> Values | None:
        return self.section.get("external")

    @property
    def host(self) -> str:
        """The DNS name that the Services `postgres` in other namespaces refer to."""
        if self.external:
            return str(self.external["host"])
        return f"{NAME}.{self.namespace}.svc.cluster.local"

    @property
    def port(self) -> int:
        if self.external:
            return int(self.external.get("port", 5432))
        return int(self.section["port"])

    @property
    def secret(self) -> str:
        return str(self.section["credentials"].get("existingSecret", CREDENTIALS))

    @property
    def external_secret(self) -> Values | None:
        secret: Values | None = self.section["credentials"].get("externalSecret")
        return secret

    @property
    def password_revision(self) -> int:
        return int(self.section["credentials"].get("passwordRevision", 1))

    @property
    def store(self) -> str:
        return store_name(self.environment)

    @property
    def store_service(self) -> Service:
        return store_service(self.environment)

    @property
    def monitored(self) -> bool:
        return is_monitored(self.environment)

    @property
    def exported(self) -> bool:
        """Whether the metrics exporter runs."""
        return bool(self.environment.get(NAME, "metrics", "enabled", default=self.monitored))

    @property
    def external_cidrs(self) -> tuple[str, ...]:
        """The address ranges of an external database, as narrow as the values allow."""
        cidrs = self.environment.get(NAME, "external", "cidrs")
        vpc: Values = self.environment.get("cluster", "vpc", default={})
        vpc_cidrs = [vpc["cidr"]] if vpc.get("cidr") else vpc.get("privateSubnetCidrs")
        return tuple(cidrs or vpc_cidrs or ())

    @property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """The tiers that use the database, by namespace."""
        users: dict[str, tuple[str, ...]] = {}
        for tier in consumers(self.environment, KEY):
            if tier.values[KEY] == NAME:
                users[tier.namespace] = (*users.get(tier.namespace, ()), tier.name)
        return dict(sorted(users.items()))

    @property
    def aliases(self) -> tuple[str, ...]:
        """The namespaces that need an additional Service `postgres`."""
        return tuple(ns for ns in self.users if self.external or ns != self.namespace)

    @property
    def workload_namespaces(self) -> tuple[str, ...]:
        """The database's namespace, if Pods of this component run in it."""
        return (self.namespace,) if self.exported or not self.external else ()

    @property
    def secret_namespaces(self) -> tuple[str, ...]:
        return tuple(sorted({*self.workload_namespaces, *self.users}))

    def image(self, *path: str) -> str:
        """Returns an image reference in the form that the kubelet expects."""
        return reference(self.environment.get(NAME, *path))
