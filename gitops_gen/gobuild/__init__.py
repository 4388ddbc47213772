"""Builds programs from Go modules into the cache of the user, once for each set of sources.

A folder of sources contains go.mod, go.sum and programs.toml, which lists the programs. Examples
are tools/apicheck and tools/rehearse.
"""

from gitops_gen.gobuild.build import build, digest, find
from gitops_gen.gobuild.target import Target

__all__ = ["Target", "build", "digest", "find"]
