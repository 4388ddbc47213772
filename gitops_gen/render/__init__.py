"""Environment -> Rendering, and a repository's renderings to disk.

    render_repository(request, listener) -> outcomes

Nothing heavy is imported here: a render with nothing to do must not pay for it.
"""

from gitops_gen.render.repository import Listener, Outcome, Request, render_repository

__all__ = ["Listener", "Outcome", "Request", "render_repository"]
