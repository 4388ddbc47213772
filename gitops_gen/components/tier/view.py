"""A tier as its environment describes it: the few questions that every module here asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.components.backing import BackingService, Consumer, Provision, backing_services
from gitops_gen.components.capabilities import is_monitored
from gitops_gen.model import Environment, Finding, Path, Position, Related, Rule, Values

PROPAGATION_SECONDS = 5
"""Until every proxy and the load balancer have heard that a Pod is going."""


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    values: Values
    environment: Environment

    def get(self, *path: str, default: Any = None) -> Any:
        return self.environment.get("tiers", self.name, *path, default=default)

    def at(self, *path: str | int) -> Path:
        return ("tiers", self.name, *path)

    def position(self, *path: str | int, key: bool = False) -> Position:
        return self.environment.position(self.at(*path), key=key)

    def finding(
        self,
        rule: Rule,
        path: Path,
        message: str,
        *,
        key: bool = False,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """A finding about one of the tier's own values."""
        return self.environment.finding(rule, self.at(*path), message, key=key, related=related)

    def written(self, *path: str | int) -> bool:
        """Whether the user wrote it; the package's defaults do not count."""
        return self.environment.written(*self.at(*path))

    @property
    def namespace(self) -> str:
        return str(self.get("namespace"))

    @property
    def scheduled(self) -> bool:
        return self.get("schedule") is not None

    @property
    def role(self) -> str:
        """What app.kubernetes.io/component says."""
        if self.scheduled:
            return "job"
        return "worker" if self.get("port") is None else "tier"

    @property
    def routed(self) -> bool:
        """Whether the load balancer sends it requests."""
        return self.get("path") is not None and self.environment.enabled("ingress")

    @property
    def monitored(self) -> bool:
        return is_monitored(self.environment)

    @property
    def scraped(self) -> bool:
        return self.monitored and self.get("metrics") is not None

    @property
    def metrics_port(self) -> int | None:
        port: int | None = self.get("metrics", "port", default=self.get("port"))
        return port

    @property
    def health_port(self) -> int | None:
        port: int | None = self.get("health", "port", default=self.get("port"))
        return port

    @property
    def health_path(self) -> str | None:
        """The path that says that the tier can serve; `/` serves as its own."""
        path = self.get("health", "path")
        return "/" if path is None and self.get("path") == "/" else path

    @property
    def backing(self) -> tuple[tuple[BackingService, Provision], ...]:
        """The backing services that it uses, each with what it gives the tier."""
        consumer = Consumer(self.name, self.namespace, self.values)
        return tuple(
            (service, service.provision(self.environment, consumer))
            for service in backing_services()
            if service.used_by(self.values)
        )

    @property
    def role_policies(self) -> tuple[str, ...]:
        """The policies of its AWS role, as far as values name them."""
        role = self.get("awsRole")
        return tuple(role["policyArns"]) if isinstance(role, dict) else ()

    @property
    def pre_stop_seconds(self) -> int:
        """A Pod answers until nobody sends it requests any more; only then it is told to stop."""
        if self.get("port") is None:
            return 0
        drain = int(self.get("drainSeconds", default=0)) if self.routed else 0
        return drain + PROPAGATION_SECONDS

    @property
    def most_replicas(self) -> int:
        replicas = self.get("autoscaling", "maxReplicas", default=self.get("replicas", default=1))
        return int(replicas)

    @property
    def calls(self) -> tuple[Tier, ...]:
        """The enabled tiers that this one calls."""
        called = self.get("calls", default=[])
        return tuple(tier for tier in tiers(self.environment) if tier.name in called)

    @property
    def callers(self) -> tuple[Tier, ...]:
        all_tiers = tiers(self.environment)
        return tuple(tier for tier in all_tiers if self.name in tier.get("calls", default=[]))


def tiers(environment: Environment) -> Iterator[Tier]:
    """The enabled tiers, by name."""
    for name, values in sorted(environment.get("tiers", default={}).items()):
        if environment.enabled("tiers", name):
            yield Tier(name, values, environment)
