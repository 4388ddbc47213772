"""A whole work tree: its stale environments are rendered, then written or compared."""

from __future__ import annotations

from collections.abc import Sequence
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


def render_repository(request: RenderRequest, listener: Listener) -> list[RenderOutcome]:
    """Renders what is stale, writes (or compares) it; the outcomes, by name.

    Raises InvalidInput with all that is wrong in any environment; nothing is written then.
    """
    names = chosen(WorkTree(request.root), request.names)
    # Another folder has no stamps: it is compared file by file.
    outdated = stale(request.root, names) if request.out is None else names
    left_over = () if request.names else gone(request.target, names)
    if left_over:
        # An excuse in a file that all environments read may have been needed there alone.
        outdated = names
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
    pairs = zip(loaded, found, strict=True)
    return found, {one.environment.name: _checked(one, rendering) for one, rendering in pairs}


def _checked(loaded: Loaded, rendering: Rendering) -> Checked:
    excused = (*loaded.excused, *rendering.excused)
    return Checked((loaded.environment.name,), loaded.warnings, excused)
