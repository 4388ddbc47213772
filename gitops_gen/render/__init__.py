"""Environment -> Rendering, and renderings to disk.

Nothing heavy is imported here: a render with nothing to do must not pay for it.
"""

from gitops_gen.render.write.request import Listener, Outcome, RenderRequest

__all__ = ["Listener", "Outcome", "RenderRequest"]
