"""Compares two revisions: what changes in each cluster, and what each change does there.

`compare` reads the generated files of both revisions and returns a `Comparison`. The classes of
consequences are the modules of `changes.classes`.
"""

from gitops_gen.changes.compare import DiffRequest, compare
from gitops_gen.changes.result import Comparison

__all__ = ["Comparison", "DiffRequest", "compare"]
