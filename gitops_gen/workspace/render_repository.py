"""Renders the outdated environments of a work tree, and writes or compares the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gitops_gen.inputs.files import chosen
from gitops_gen.model import Checked
from gitops_gen.render.write.request import Listener, RenderOutcome, RenderRequest
from gitops_gen.render.write.up_to_date import removed_environments, stale
from gitops_gen.revisions import WorkTree

if TYPE_CHECKING:
    from gitops_gen.inputs import Loaded
    from gitops_gen.render.rendering import Rendering
    from gitops_gen.render.write.repository import Renderings


def render_repository(request: RenderRequest, listener: Listener) -> list[RenderOutcome]:
    """Renders the outdated environments and writes or compares their files.

    Returns the outcomes sorted by name. Raises InvalidInput with the findings about all
    environments; nothing is written then.
    """
    existing = chosen(WorkTree(request.root), request.names)
    names = request.of_shard(existing)
    # Another folder has no stamps, so it is compared file by file.
    outdated = stale(request.root, names) if request.out is None else names
    removed = () if request.names else removed_environments(request.target, existing)
    left_over = request.of_shard(removed)
    if left_over:
        # An excuse in a shared file may have been needed only by the removed environment.
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
    """Renders from the current files, which may have changed since the last attempt."""
    if not names:
        return [], {}
    from gitops_gen.workspace.pull_archives import pull_missing
    from gitops_gen.workspace.workspace import HelmRun, Workspace

    workspace = Workspace(WorkTree(request.root))
    loaded = workspace.load_all_to_render(names)
    if pull_missing(workspace, loaded, listener):
        # Now the archives can be scanned.
        workspace = Workspace(WorkTree(request.root))
        loaded = workspace.load_all_to_render(names)
    found = workspace.render(loaded, HelmRun.of_installed(request.jobs, listener))
    pairs = zip(loaded, found, strict=True)
    return found, {one.environment.name: _checked(one, rendering) for one, rendering in pairs}


def _checked(loaded: Loaded, rendering: Rendering) -> Checked:
    excused = (*loaded.excused, *rendering.excused)
    return Checked((loaded.environment.name,), loaded.warnings, excused)
