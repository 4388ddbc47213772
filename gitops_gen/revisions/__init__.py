"""A revision of a repository: its work tree, or one of its commits as Git keeps it.

    WorkTree(root)                  the files as they are on the disk; needs no Git
    opened(root, "HEAD~1")          a commit (or the work tree, for None) while it is used
    Overlay(revision, {path: data}) a revision in which some files hold something else

All of them are a `Revision`. A render with nothing to do asks for a work tree alone, so what runs
Git is imported when it is asked for.
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
