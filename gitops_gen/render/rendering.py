"""One environment, rendered: a pure function of its values and the charts.

prepared(environment, folders, planned) -> what Helm is to render
completed(prepared, documents) -> the rendering, of what Helm printed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gitops_gen.components import Folder
from gitops_gen.components.types import Component, RepositoryChart, Subchart, UpstreamChart
from gitops_gen.model import Environment, Tree
from gitops_gen.render import layout
from gitops_gen.render.argocd import argocd
from gitops_gen.render.asleep import switched_off
from gitops_gen.render.guarded import require_unharmful
from gitops_gen.render.hydrate import Chunk, Rendered, objects
from gitops_gen.render.owners import require_one_owner
from gitops_gen.render.plan import Planned, plan
from gitops_gen.render.umbrella import umbrella


@dataclass(frozen=True, slots=True)
class Prepared:
    """An environment up to the point where Helm comes in; `umbrella` is relative to its folder."""

    environment: Environment
    planned: tuple[Planned, ...]
    switched_off: tuple[Component, ...]
    umbrella: Tree

    @property
    def components(self) -> Sequence[Component]:
        return [item.component for item in self.planned]

    @property
    def first_party(self) -> Sequence[Component]:
        return [c for c in self.components if isinstance(c.source, Subchart)]

    @property
    def kube_version(self) -> str:
        return str(self.environment.values["cluster"]["kubernetesVersion"])


@dataclass(frozen=True, slots=True)
class Rendering:
    """An environment and all that comes of it; `tree` is what the repository will hold."""

    environment: Environment
    planned: tuple[Planned, ...]
    objects: tuple[Rendered, ...]
    tree: Tree

    @property
    def charts(self) -> tuple[str, ...]:
        """The repository charts that it was rendered from."""
        sources = (item.component.source for item in self.planned)
        return tuple(sorted(s.path for s in sources if isinstance(s, RepositoryChart)))


def prepared(
    environment: Environment,
    folders: Sequence[Folder],
    planned: tuple[Planned, ...] | None = None,
) -> Prepared:
    """`planned` is its plan, if there is one. Raises InvalidInput where components do not fit."""
    planned = planned or plan(environment, folders)
    chart = umbrella(environment, [item.component for item in planned])
    return Prepared(environment, planned, switched_off(environment, folders), chart)


def completed(before: Prepared, documents: Mapping[str, Sequence[Chunk]]) -> Rendering:
    """`documents` are those of each component. Raises InvalidInput for what is no manifest."""
    environment, planned = before.environment, before.planned
    found: list[Rendered] = []
    for component in before.components:
        if isinstance(component.source, UpstreamChart):
            continue
        own = list(objects(environment, component, documents.get(component.name, ())))
        require_unharmful(environment, component, own)
        found += own
    require_one_owner(environment, {c.name: c for c in before.components}, found)
    folder = layout.umbrella(environment.name)
    tree = {f"{folder}/{path}": content for path, content in before.umbrella.items()}
    tree |= {item.path: item.content for item in found}
    tree |= argocd(environment, planned, found, before.switched_off)
    return Rendering(environment, planned, tuple(found), tree)
