"""A revision of a repository: its work tree, or one of its commits as stored by Git.

WorkTree(root)                  the files on the disk; does not need Git
    opened(root, "HEAD~1")          a context with a commit (or the work tree, for None)
    Overlay(revision, {path: data}) a revision in which some files are replaced

All of them implement `Revision`. A render that is up to date needs only the work tree, so the
modules that run Git are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gitops_gen.revisions.revision import LARGEST, Revision
from gitops_gen.revisions.work_tree import WorkTree

if TYPE_CHECKING:
    from gitops_gen.revisions.commit import Commit
    from gitops_gen.revisions.opening import opened
    from gitops_gen.revisions.overlay import Overlay

_HOMES = {"Commit": "commit", "Overlay": "overlay", "opened": "opening"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = ["LARGEST", "Commit", "Overlay", "Revision", "WorkTree", "opened"]
