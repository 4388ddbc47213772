"""One environment, rendered: a pure function of its values and the charts.

`helm_runs.prepared` gives what Helm is to render; `completed` turns what Helm printed into the
rendering.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gitops_gen.components.types import RepositoryChart, UpstreamChart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Excused, Tree
from gitops_gen.objects import layout
from gitops_gen.render.argocd.applications import argocd
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.hydrate.chart_rules import chart_findings
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.objects import Rendered, objects
from gitops_gen.render.hydrate.one_owner import require_one_owner
from gitops_gen.render.plan.plan import Planned


@dataclass(frozen=True, slots=True)
class Rendering:
    """An environment and all that comes of it; `tree` is what the repository will hold."""

    environment: Environment
    planned: tuple[Planned, ...]
    objects: tuple[Rendered, ...]
    tree: Tree
    excused: tuple[Excused, ...] = ()
    """What charts of the user's own render and the values excuse."""

    @property
    def charts(self) -> tuple[str, ...]:
        """The repository charts that it was rendered from."""
        sources = (item.component.source for item in self.planned)
        return tuple(sorted(s.path for s in sources if isinstance(s, RepositoryChart)))


def completed(before: Prepared, documents: Mapping[str, Sequence[HelmDocument]]) -> Rendering:
    """`documents` are those of each component. Raises InvalidInput for what is no manifest."""
    environment, planned = before.environment, before.planned
    found: list[Rendered] = []
    excused: list[Excused] = []
    for component in before.components:
        if isinstance(component.source, UpstreamChart):
            continue
        own = list(objects(environment, component, documents.get(component.name, ())))
        kept, allowed = environment.split(chart_findings(environment, component, own))
        if kept:
            raise InvalidInput(kept)
        excused += allowed
        found += own
    require_one_owner(environment, {c.name: c for c in before.components}, found)
    folder = layout.umbrella(environment.name)
    tree = {f"{folder}/{path}": content for path, content in before.umbrella.items()}
    tree |= {item.path: item.content for item in found}
    tree |= argocd(environment, planned, found, before.switched_off)
    return Rendering(environment, planned, tuple(found), tree, tuple(excused))
