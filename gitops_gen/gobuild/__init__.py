"""Programs built from Go modules into the user's cache, once for each set of sources.

A folder of sources holds go.mod, go.sum and programs.toml, which says what is built of it:
tools/apicheck and tools/rehearse are such folders.
"""

from gitops_gen.gobuild.build import build, digest, find
from gitops_gen.gobuild.target import Target

__all__ = ["Target", "build", "digest", "find"]
