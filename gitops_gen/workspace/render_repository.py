"""A whole work tree: its stale environments are rendered, then written or compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gitops_gen.inputs.files import chosen
from gitops_gen.model import Checked
from gitops_gen.render.write.request import Listener, RenderOutcome, RenderRequest
from gitops_gen.render.write.up_to_date import gone, stale
from gitops_gen.revisions import WorkTree

if TYPE_CHECKING:
    from gitops_gen.inputs import Loaded
    from gitops_gen.render.rendering import Rendering
    from gitops_gen.render.write.repository import Renderings
    from gitops_gen.workspace.workspace import Workspace


def render_repository(request: RenderRequest, listener: Listener) -> list[RenderOutcome]:
    """Renders what is stale, writes (or compares) it; the outcomes, by name.

    Raises InvalidInput with all that is wrong in any environment; nothing is written then.
    """
    names = chosen(WorkTree(request.root), request.names)
    # Another folder has no stamps: it is compared file by file.
    outdated = stale(request.root, names) if request.out is None else names
    left_over = () if request.names else gone(request.target, names)
    if not (outdated or left_over):
        return [RenderOutcome(name) for name in names]
    from gitops_gen.render.write.repository import RepositoryRender

    return RepositoryRender(
        request,
        listener,
        names,
        tuple(outdated),
        left_over,
        lambda wanted: _rendered(request, listener, wanted),
    ).outcomes()


def _rendered(request: RenderRequest, listener: Listener, names: Sequence[str]) -> Renderings:
    """From the files as they are now: they may have changed since the last time."""
    if not names:
        return [], {}
    from gitops_gen.helm import executable
    from gitops_gen.workspace.workspace import HelmRun, Workspace

    workspace = Workspace(WorkTree(request.root))
    loaded = workspace.load_all_to_render(names)
    helm = executable(listener.note)
    if helm.note:
        listener.note(helm.note)
    found = workspace.render(loaded, HelmRun(helm, request.jobs, listener.progress))
    of_charts = {item.environment.name: _of_charts(workspace, item) for item in found}
    _require_needed_excuses(workspace, found, of_charts)
    return found, {item.environment.name: _joined(item, of_charts) for item in loaded}


def _of_charts(workspace: Workspace, rendering: Rendering) -> Checked:
    """What a rendering tells besides: of charts of the user's own, and of what they rendered."""
    environment = rendering.environment
    kept, excused = environment.split(workspace.chart_warnings(rendering))
    return Checked((environment.name,), kept, (*rendering.excused, *excused))


def _joined(loaded: Loaded, of_charts: Mapping[str, Checked]) -> Checked:
    found = of_charts[loaded.environment.name]
    findings = (*loaded.warnings, *found.findings)
    return Checked(found.environments, findings, (*loaded.excused, *found.excused))


def _require_needed_excuses(
    workspace: Workspace, renderings: Sequence[Rendering], checked: Mapping[str, Checked]
) -> None:
    """Raises InvalidInput for excuses of what charts render that no environment needs."""
    if not any(rendering.environment.excuses for rendering in renderings):
        return
    from gitops_gen.errors import InvalidInput
    from gitops_gen.inputs.excuses import ExcuseUse, unused
    from gitops_gen.render.helm_runs import repository_chart
    from gitops_gen.render.hydrate import chart_rules
    from gitops_gen.rule_registry import defined_in

    ran = (*defined_in(chart_rules), *defined_in(repository_chart))
    environments = (rendering.environment for rendering in renderings)
    uses = [ExcuseUse.of(one, ran, checked[one.name].excused) for one in environments]
    if findings := list(unused(uses, workspace.revision)):
        raise InvalidInput(findings)
