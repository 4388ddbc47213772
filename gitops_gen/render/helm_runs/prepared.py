"""The input of Helm for an environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitops_gen.components import Folder
from gitops_gen.components.addon_kinds import known_api_versions
from gitops_gen.components.types import Component, HydratedChart, ReleasedChart, RepositoryChart
from gitops_gen.model import Environment, Tree
from gitops_gen.render.helm_runs.umbrella import umbrella
from gitops_gen.render.plan.plan import Planned
from gitops_gen.render.plan.switched_off import switched_off


@dataclass(frozen=True, slots=True)
class Prepared:
    """An environment before Helm runs. The paths in `umbrella` are relative to the chart."""

    environment: Environment
    planned: tuple[Planned, ...]
    switched_off: tuple[Component, ...]
    umbrella: Tree
    api_versions: frozenset[str] = frozenset()
    """What the cluster serves beside the kinds of Kubernetes and of rendered CRDs."""

    @property
    def components(self) -> Sequence[Component]:
        return [item.component for item in self.planned]

    @property
    def first_party(self) -> Sequence[Component]:
        return [c for c in self.components if c.source.is_first_party]

    @property
    def releases(self) -> Sequence[tuple[Component, ReleasedChart]]:
        """The components of charts that are separate releases. Two may have one release."""
        return [
            (component, source)
            for component in self.components
            if isinstance(source := component.source, RepositoryChart | HydratedChart)
        ]

    @property
    def kube_version(self) -> str:
        return str(self.environment.values["cluster"]["kubernetesVersion"])


def prepared(
    environment: Environment,
    folders: Sequence[Folder],
    planned: tuple[Planned, ...],
) -> Prepared:
    """Prepares an environment. `planned` are its components."""
    components = [item.component for item in planned]
    chart = umbrella(environment, components)
    available = known_api_versions(environment, components)
    return Prepared(environment, planned, switched_off(environment, folders), chart, available)
