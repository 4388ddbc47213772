"""What an environment's values say about its database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gitops_gen.components.backing import consumers
from gitops_gen.components.capabilities import is_monitored
from gitops_gen.components.external_secrets.store import Service, store_name, store_service
from gitops_gen.components.images import reference
from gitops_gen.model import Environment, Values

NAME = "postgres"
"""Of the component, the StatefulSet, the Services and thus the host that every tier sees."""

KEY = "database"
"""The key of a tier that uses it, whose value is NAME."""

CREDENTIALS = "postgres-credentials"
"""The Secret that an ExternalSecret makes where values name none."""


@dataclass(frozen=True, slots=True)
class Database:
    """The section `postgres` of an environment, with what follows from the other sections."""

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
        """What the name `postgres` in another namespace stands for."""
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
        """Whether the exporter of metrics runs."""
        return bool(self.environment.get(NAME, "metrics", "enabled", default=self.monitored))

    @property
    def external_cidrs(self) -> tuple[str, ...]:
        """Where an external database may be: as little of the network as is known."""
        cidrs = self.environment.get(NAME, "external", "cidrs")
        vpc: Values = self.environment.get("cluster", "vpc", default={})
        whole = [vpc["cidr"]] if vpc.get("cidr") else vpc.get("privateSubnetCidrs")
        return tuple(cidrs or whole or ())

    @property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """Namespace -> the tiers in it that use the database."""
        users: dict[str, tuple[str, ...]] = {}
        for tier in consumers(self.environment, KEY):
            if tier.values[KEY] == NAME:
                users[tier.namespace] = (*users.get(tier.namespace, ()), tier.name)
        return dict(sorted(users.items()))

    @property
    def aliases(self) -> tuple[str, ...]:
        """Namespaces that need a Service `postgres` of their own."""
        return tuple(ns for ns in self.users if self.external or ns != self.namespace)

    @property
    def workload_namespaces(self) -> tuple[str, ...]:
        """The database's namespace, if Pods of this component run in it."""
        return (self.namespace,) if self.exported or not self.external else ()

    @property
    def secret_namespaces(self) -> tuple[str, ...]:
        return tuple(sorted({*self.workload_namespaces, *self.users}))

    def image(self, *path: str) -> str:
        """An image as the kubelet wants it."""
        return reference(self.environment.get(NAME, *path))
