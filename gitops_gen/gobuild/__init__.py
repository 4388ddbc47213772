"""Builds programs from Go modules into the cache of the user, once for each set of sources.

A folder of sources contains go.mod, go.sum and programs.toml, which lists the programs. For example,
tools/apicheck and tools/rehearse are such folders.
"""

from gitops_gen.gobuild.build import build, digest, find
from gitops_gen.gobuild.target import Target

__all__ = ["Target", "build", "digest", "find"]
