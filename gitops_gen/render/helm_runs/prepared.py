"""The input of Helm for an environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitops_gen.components import Folder
from gitops_gen.components.types import Component, RepositoryChart
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

    @property
    def components(self) -> Sequence[Component]:
        return [item.component for item in self.planned]

    @property
    def first_party(self) -> Sequence[Component]:
        return [c for c in self.components if c.source.is_first_party]

    @property
    def releases(self) -> Sequence[tuple[Component, RepositoryChart]]:
        """The repository charts, each of which is a separate release."""
        return [(c, c.source) for c in self.components if isinstance(c.source, RepositoryChart)]

    @property
    def kube_version(self) -> str:
        return str(self.environment.values["cluster"]["kubernetesVersion"])


def prepared(
    environment: Environment,
    folders: Sequence[Folder],
    planned: tuple[Planned, ...],
) -> Prepared:
    """Prepares an environment. `planned` are its components."""
    chart = umbrella(environment, [item.component for item in planned])
    return Prepared(environment, planned, switched_off(environment, folders), chart)
