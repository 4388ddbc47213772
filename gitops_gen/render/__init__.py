"""Environment -> Rendering, and renderings to disk.

Nothing heavy is imported here: a render with nothing to do must not pay for it.
"""

from gitops_gen.render.write.request import Listener, RenderOutcome, RenderRequest

__all__ = ["Listener", "RenderOutcome", "RenderRequest"]
