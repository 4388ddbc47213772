"""The repository that a command works on, and the option -C.

A command may be called in any folder of the repository. Paths in arguments are relative to the
working directory. Paths in messages are relative to the root of the repository, as `git diff`
prints them, so that they are the same for all users and for the annotations of a pull request.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import click

VALUES = "values"
_GENERATED = (".gitops-gen", "rendered", "argocd", os.path.join(VALUES, "schema.json"))
"""Only a repository of gitops-gen has these; a chart of Helm may also have a folder values/."""


def repository_root(folder: str | None = None) -> str:
    """Returns the root of the repository that contains a folder, by default the working directory.

    Returns the folder itself if no folder above it is such a root, so that commands report the
    missing folder values/.
    """
    start = os.getcwd() if folder is None else folder
    candidates = [path for path in _upwards(start) if os.path.isdir(os.path.join(path, VALUES))]
    certain = (path for path in candidates if _has_generated_files(path))
    return next(certain, next(iter(candidates), start))


def _has_generated_files(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in _GENERATED)


def _upwards(folder: str) -> Iterator[str]:
    """Yields the folder and the folders above it, up to the root of its Git repository."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return
        folder = above


def change_directory(folders: Sequence[str]) -> None:
    """Changes to each folder, relative to the one before it, like the option -C of Git."""
    for folder in folders:
        if not folder:
            raise click.BadParameter("is empty; name a directory", param_hint="-C")
        try:
            os.chdir(folder)
        except (OSError, ValueError) as error:
            raise click.BadParameter(_refused(folder, error), param_hint="-C") from None


def _refused(folder: str, error: OSError | ValueError) -> str:
    from gitops_gen.model import printable

    reason = error.strerror if isinstance(error, OSError) else "is not the name of a directory"
    return f"{printable(folder)}: {reason}; name an existing directory"
