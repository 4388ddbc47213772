"""The environments that files of the repository belong to, for tools that pass changed files."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.inputs import files
from gitops_gen.inputs.groups import Groups
from gitops_gen.revisions import Revision


def named_environments(revision: Revision, arguments: Iterable[str]) -> tuple[str, ...]:
    """Returns the environments that arguments name, each by its name or by the path of a file.

    A file that is not part of certain environments, such as values/base.yaml or a file of a chart,
    may change every environment, so the result is then empty, as if there were no arguments. A
    path without a file, or outside of the repository, is returned like a name, so that
    `files.chosen` refuses it.
    """
    readers = _readers(revision)
    names: list[str] = []
    for argument in arguments:
        path = argument.removeprefix("./")
        if path not in readers and _may_be_in_repository(path) and revision.exists(path):
            return ()
        names += readers.get(path, (argument,))
    return tuple(dict.fromkeys(names))


def _may_be_in_repository(path: str) -> bool:
    """Whether a text is a path from the root that does not leave the repository."""
    return "/" in path and not path.startswith("/") and ".." not in path.split("/")


def _readers(revision: Revision) -> dict[str, list[str]]:
    """Returns the environments that read a file, for all files except values/base.yaml."""
    groups = Groups(revision)
    readers: dict[str, list[str]] = {}
    for name in files.environments(revision):
        for path in groups.input_files(name):
            if path != files.BASE:
                readers.setdefault(path, []).append(name)
    return readers
