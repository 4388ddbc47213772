"""The rendering of an environment: a pure function of its values and the charts.

`helm_runs.prepared` returns the input of Helm; `completed` converts the output of Helm to the
rendering.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import groups
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.model import Environment, Excused, Rule, Tree
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.files import argocd
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.hydrate.chart_rules import applied_rules, chart_findings
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.objects import file_content, objects
from gitops_gen.render.hydrate.one_owner import require_one_owner
from gitops_gen.render.plan.plan import Planned, repository_charts


@dataclass(frozen=True, slots=True)
class Rendering:
    """An environment with its rendered objects. `tree` contains the files for the repository."""

    environment: Environment
    planned: tuple[Planned, ...]
    objects: tuple[KubeObject, ...]
    tree: Tree
    excused: tuple[Excused, ...] = ()
    """Findings about repository charts that the values excuse."""
    applied_rules: frozenset[Rule] = frozenset()
    """The rules that were applied to the rendered objects."""

    @property
    def excuse_use(self) -> ExcuseUse:
        return ExcuseUse(self.environment, self.applied_rules, self.excused)

    @property
    def charts(self) -> tuple[str, ...]:
        """The folders of the repository charts from which the environment was rendered."""
        return repository_charts(self.planned)

    @property
    def further_inputs(self) -> tuple[str, ...]:
        """The files and folders from which it was rendered, whose names its own name does not
        imply."""
        return (*groups.files_of(self.environment.values), *self.charts)


def completed(prepared: Prepared, documents: Mapping[str, Sequence[HelmDocument]]) -> Rendering:
    """The rendering, from the documents of each component.

    Raises InvalidInput if a document is not a manifest, or if a rule refuses an object.
    """
    environment, planned = prepared.environment, prepared.planned
    parts = [_objects(prepared, component, documents) for component in prepared.components]
    rendered = tuple(item for objects_of_component, _ in parts for item in objects_of_component)
    excused = tuple(one for _, excused_of_component in parts for one in excused_of_component)
    require_one_owner(environment, {c.name: c for c in prepared.components}, rendered)
    folder = layout.umbrella(environment.name)
    tree = {f"{folder}/{path}": content for path, content in prepared.umbrella.items()}
    tree |= {item.file: file_content(environment, item) for item in rendered}
    tree |= argocd(environment, planned, rendered, prepared.switched_off)
    return Rendering(environment, planned, rendered, tree, excused, applied_rules())


def _objects(
    prepared: Prepared, component: Component, documents: Mapping[str, Sequence[HelmDocument]]
) -> tuple[list[KubeObject], tuple[Excused, ...]]:
    """The objects of a component, and the excused findings about them."""
    if not component.source.is_hydrated:
        return [], ()
    environment = prepared.environment
    rendered = list(objects(environment, component, documents.get(component.name, ())))
    counting, excused = environment.split(chart_findings(environment, component, rendered))
    if counting:
        raise InvalidInput(counting)
    return rendered, excused
