"""The directories that commands read or write as a whole; `--out` must not lead into them."""

from __future__ import annotations

import os

from gitops_gen.cli.repository import repository_root

# The inputs, the outputs, and the directories that only Git or gitops-gen writes.
_RESERVED = frozenset({"values", "rendered", "argocd", ".git", ".gitops-gen"})


def inside_reserved_folder(path: str) -> str | None:
    """Returns the path relative to the root of the repository if it is in a reserved directory.

    Returns None if the path is in no reserved directory.
    """
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(repository_root()))
    return inside if inside.split(os.sep)[0] in _RESERVED else None
