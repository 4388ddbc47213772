"""The folders of a repository that commands write or read as a whole: no place for other files."""

from __future__ import annotations

import os

# Inputs, outputs, and what only Git or gitops-gen writes.
_OWN_FOLDERS = frozenset({"values", "rendered", "argocd", ".git", ".gitops-gen"})


def inside_own_folder(path: str) -> str | None:
    """The path from the top of the repository, if it leads into one of these folders."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(os.curdir))
    return inside if inside.split(os.sep)[0] in _OWN_FOLDERS else None
