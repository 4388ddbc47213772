"""Renders environments, and writes the renderings to the disk.

This module imports no slow modules, so that a render that is up to date stays fast.
"""

from gitops_gen.render.write.request import Listener, RenderOutcome, RenderRequest, Shard

__all__ = ["Listener", "RenderOutcome", "RenderRequest", "Shard"]
