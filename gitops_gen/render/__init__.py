"""Environment -> Rendering, and a repository's renderings to disk.

Nothing heavy is imported here: a render with nothing to do must not pay for it.
"""

from __future__ import annotations

from gitops_gen.inputs.files import chosen
from gitops_gen.render.write.request import Listener, Outcome, RenderRequest
from gitops_gen.render.write.up_to_date import gone, stale

__all__ = ["Listener", "Outcome", "RenderRequest", "render_repository"]


def render_repository(request: RenderRequest, listener: Listener) -> list[Outcome]:
    """Renders what is stale, writes (or compares) it; the outcomes, by name.

    Raises InvalidInput with all that is wrong in any environment; nothing is written then.
    """
    names = chosen(request.root, request.names)
    # Another folder has no stamps: it is compared file by file.
    outdated = stale(request.root, names) if request.out is None else names
    left_over = () if request.names else gone(request.target, names)
    if not (outdated or left_over):
        return [Outcome(name) for name in names]
    from gitops_gen.render.write.repository import RepositoryRender

    return RepositoryRender(request, listener, names, tuple(outdated), left_over).outcomes()
