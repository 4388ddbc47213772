"""The folders that commands write or read as a whole: no output of a user's choice goes there."""

from __future__ import annotations

import os

# Inputs, outputs, and the folders that only Git or gitops-gen writes.
_RESERVED = frozenset({"values", "rendered", "argocd", ".git", ".gitops-gen"})


def inside_reserved_folder(path: str) -> str | None:
    """The path from the top of the repository, if it leads into one of these folders."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(os.curdir))
    return inside if inside.split(os.sep)[0] in _RESERVED else None
