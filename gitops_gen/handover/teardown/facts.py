"""What an environment's values and plan say about its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from shlex import quote

from gitops_gen.components.types import Component, Volume
from gitops_gen.model import Environment
from gitops_gen.render.plan.plan import Planned

CONTROLLER = "ingress-controller:alb"


@dataclass(frozen=True)
class Facts:
    environment: Environment
    planned: Sequence[Planned]

    @property
    def name(self) -> str:
        return self.environment.name

    @property
    def cluster(self) -> str:
        return str(self.environment.get("cluster", "name"))

    @property
    def region(self) -> str:
        return str(self.environment.get("cluster", "region"))

    @property
    def account(self) -> str | None:
        account: str | None = self.environment.get("cluster", "accountId")
        return account

    @cached_property
    def components(self) -> tuple[Component, ...]:
        return tuple(item.component for item in self.planned)

    @cached_property
    def volumes(self) -> tuple[Volume, ...]:
        """What is worth a snapshot comes first."""
        found = (volume for component in self.components for volume in component.volumes)
        return tuple(sorted(found, key=lambda volume: volume.workload is None))

    @cached_property
    def data_namespaces(self) -> tuple[str, ...]:
        declared = (namespace for c in self.components for namespace in c.namespaces)
        return tuple(sorted({n.name for n in declared if n.holds_data}))

    @cached_property
    def has_load_balancer(self) -> bool:
        return any("ingress:alb" in c.provides for c in self.components)

    @cached_property
    def has_controller(self) -> bool:
        """Whether load balancers come from a controller of ours, and are tagged by it."""
        return any(CONTROLLER in c.provides for c in self.components)

    @property
    def protected(self) -> bool:
        switch = self.environment.get("ingress", "deletionProtection")
        return self.has_load_balancer and bool(switch)

    @cached_property
    def volume_filter(self) -> str | None:
        """The cluster's volumes and snapshots, for AWS' --filters."""
        tags = self.environment.get("cluster", "volumeTag", default={})
        return next((quote(f"Name=tag:{k},Values={v}") for k, v in tags.items()), None)

    def retained(self, volume: Volume) -> bool | None:
        """Whether the disk outlives its claim; None: only the cluster knows its class."""
        if volume.storage_class in ("gp2", "gp3"):
            return False
        classes = ("platform", "storageClasses", volume.storage_class)
        if self.environment.get(*classes) is None:
            return None
        return bool(self.environment.get(*classes, "reclaimPolicy", default="Retain") == "Retain")

    @cached_property
    def waves_down(self) -> tuple[tuple[str, ...], ...]:
        """Applications to delete, the highest wave first; without those that stay."""
        items = [item for item in self.planned if item.component.name not in self.staying]
        items.sort(key=lambda item: (-item.wave, item.component.name))
        groups = groupby(items, key=lambda item: item.wave)
        return tuple(tuple(item.component.name for item in group) for _, group in groups)

    @cached_property
    def staying(self) -> frozenset[str]:
        """What removes load balancers, and what that stands on: it goes with the cluster."""
        waiting = [c for c in self.components if CONTROLLER in c.provides]
        staying: set[str] = set()
        while waiting:
            component = waiting.pop()
            staying.add(component.name)
            waiting += [
                other
                for other in self.components
                if other.provides & component.requires and other.name not in staying
            ]
        return frozenset(staying)
