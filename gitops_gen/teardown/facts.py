"""What an environment's values and its components state about the end of its cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter

from gitops_gen.components.types import AwsLoadBalancer, Component, Volume
from gitops_gen.model import Environment
from gitops_gen.render.plan.plan import Planned

_CLASSES_OF_EKS = {"gp2": "Delete", "gp3": "Delete"}
"""The reclaim policies of storage classes that no component makes."""


@dataclass(frozen=True)
class ClusterFacts:
    environment: Environment
    planned: Sequence[Planned]

    @property
    def name(self) -> str:
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
        """The volumes; those that get a last snapshot come first."""
        volumes = (volume for component in self.components for volume in component.volumes)
        return tuple(sorted(volumes, key=lambda volume: volume.workload is None))

    @cached_property
    def data_namespaces(self) -> tuple[str, ...]:
        declared = (namespace for c in self.components for namespace in c.namespaces)
        return tuple(sorted({n.name for n in declared if n.holds_data}))

    @cached_property
    def load_balancers(self) -> tuple[AwsLoadBalancer, ...]:
        balancers = (c.at_teardown.load_balancers for c in self.components)
        return tuple(chain.from_iterable(balancers))

    @cached_property
    def controller_tags(self) -> tuple[str, ...]:
        """The tags, each with the cluster's name, of what the components' controllers make."""
        return tuple(tag for component in self.components if (tag := _controller_tag(component)))

    @cached_property
    def volume_tag(self) -> tuple[str, str] | None:
        """The key and the value of the tag of this cluster's volumes and snapshots."""
        tags: dict[str, str] = self.environment.get("cluster", "volumeTag", default={})
        return next(iter(tags.items()), None)

    @property
    def volume_filter(self) -> str | None:
        """The cluster's volumes and snapshots, for the option --filters of AWS' commands."""
        return "Name=tag:{},Values={}".format(*self.volume_tag) if self.volume_tag else None

    @cached_property
    def _reclaim_policies(self) -> dict[str, str]:
        policies = dict(_CLASSES_OF_EKS)
        for component in self.components:
            policies.update(component.at_teardown.reclaim_policies)
        return policies

    def retained(self, volume: Volume) -> bool | None:
        """Whether the disk outlives its claim; None where the values do not tell, since its storage
        class is made in the cluster."""
        policy = self._reclaim_policies.get(volume.storage_class)
        return None if policy is None else policy == "Retain"

    @cached_property
    def applications_by_wave(self) -> tuple[tuple[str, ...], ...]:
        """Applications to delete, the highest wave first; without those that stay."""
        items = [item for item in self.planned if item.component.name not in self.staying]
        items.sort(key=lambda item: (-item.wave, item.component.name))
        groups = groupby(items, key=attrgetter("wave"))
        return tuple(tuple(item.component.name for item in group) for _, group in groups)

    @cached_property
    def staying(self) -> frozenset[str]:
        """The controllers that delete what they made in AWS, and all that they require."""
        waiting = [component for component in self.components if _controller_tag(component)]
        staying: set[str] = set()
        while waiting:
            component = waiting.pop()
            staying.add(component.name)
            waiting += [
                provider
                for provider in self.components
                if provider.provides & component.requires and provider.name not in staying
            ]
        return frozenset(staying)


def _controller_tag(component: Component) -> str | None:
    return component.at_teardown.controller_tag
