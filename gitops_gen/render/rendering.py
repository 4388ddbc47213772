"""The rendering of an environment: a pure function of its values and the charts.

`helm_runs.prepared` returns the input of Helm; `completed` converts the output of Helm to the
rendering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import groups
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.model import Environment, Excuse, Excused, Finding, Rule, Tree
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.files import argocd
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.helm_runs.release_documents import Documents
from gitops_gen.render.helm_runs.release_size import size_findings
from gitops_gen.render.hydrate.chart_rules import (
    SECRET_DATA,
    applied_rules,
    chart_findings,
    no_object,
)
from gitops_gen.render.hydrate.custom_kinds import CustomKind
from gitops_gen.render.hydrate.objects import file_content, hydrated
from gitops_gen.render.hydrate.one_owner import require_one_owner
from gitops_gen.render.plan.plan import Planned, repository_charts
from gitops_gen.render.release_reports import HydratedComponent, ReleaseReport, release_reports


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
    kinds: frozenset[CustomKind] = frozenset()
    """The kinds that the CRDs of the environment define."""
    releases: tuple[ReleaseReport, ...] = ()
    """What became of the objects that Helm printed for each locked chart."""

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


def completed(prepared: Prepared, documents: Documents) -> Rendering:
    """The rendering, from the documents of each component.

    Raises InvalidInput if a document is not a manifest, or if a rule refuses an object.
    """
    environment, planned = prepared.environment, prepared.planned
    parts = [_hydrated(prepared, component, documents) for component in prepared.components]
    rendered = tuple(item for part in parts for item in part.objects)
    excused = tuple(one for part in parts for one in part.excused)
    require_one_owner(environment, {c.name: c for c in prepared.components}, rendered)
    folder = layout.umbrella(environment.name)
    tree = {f"{folder}/{path}": content for path, content in prepared.umbrella.items()}
    tree |= {item.file: file_content(environment, item) for item in rendered}
    tree |= argocd(environment, planned, rendered, prepared.switched_off)
    reports = tuple(release_reports(prepared.releases, parts))
    _require_objects(prepared, reports)
    return Rendering(
        environment, planned, rendered, tree, excused, applied_rules(), documents.kinds, reports
    )


def _of_chart(component: Component, finding: Finding) -> Excuse | None:
    """The excuse of the component itself for a finding about a Secret of its chart."""
    for one in component.public_fields:
        position = finding.position
        excuse = Excuse(SECRET_DATA.id, one.reason, position, object=one.object, field=one.field)
        if excuse.covers(finding):
            return excuse
    return None


def _require_objects(prepared: Prepared, reports: Iterable[ReleaseReport]) -> None:
    """Raises InvalidInput if neither of the two components of a locked chart has an object."""
    empty = {one.component for one in reports if one.objects + one.crds == 0}
    components = (one for one in prepared.components if one.name in empty)
    if findings := [no_object(prepared.environment, component) for component in components]:
        raise InvalidInput(findings)


def _hydrated(prepared: Prepared, component: Component, documents: Documents) -> HydratedComponent:
    """The objects of a component. Raises InvalidInput with the findings about them."""
    if not component.source.is_hydrated:
        return HydratedComponent(component, ())
    environment, printed = prepared.environment, documents.of_component.get(component.name, ())
    found = hydrated(environment, component, printed, documents.kinds)
    findings = [
        *chart_findings(environment, component, found.objects),
        *size_findings(environment, component, found.objects),
    ]
    counting, excused = environment.split(findings)
    public = {finding: one for finding in counting if (one := _of_chart(component, finding))}
    counting = tuple(finding for finding in counting if finding not in public)
    excused += tuple(Excused(finding, excuse) for finding, excuse in public.items())
    if counting:
        raise InvalidInput(counting)
    # The parsed values of large charts need much memory, and most are not used again.
    items = tuple(replace(item, parsed=None) for item in found.objects)
    return HydratedComponent(component, items, excused, found.left_out)
