"""Which files of a work tree may differ from a commit, without reading them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from gitops_gen.revisions.git import LONGEST_LIST, Git


def changed_paths(root: str, commit: str, folders: Sequence[str]) -> frozenset[str] | None:
    """The files in these folders that may differ, relative to `root`; None if Git cannot tell.

    Git compares its index with the commit, and the metadata of the files with the index. A file
    that was touched but not changed is included. Raises ToolFailed if Git fails.
    """
    options = ("--name-only", "--relative", "--ignore-submodules=none", "-z")
    # One command that compares the files with the commit would be slow: given two folders, it
    # searches the whole index for each file of the commit.
    staged = ("diff-index", "--cached", *options, commit)
    not_staged = ("diff-files", *options)
    untracked = ("ls-files", "--others", "-z")
    return _listed(root, *((*words, "--", *folders) for words in (staged, not_staged, untracked)))


@dataclass(frozen=True, slots=True)
class ChangedPaths:
    """The files of a clone that differ from a commit, relative to the root folder of the clone."""

    certain: frozenset[str]
    """Files whose content differs according to Git, and files that are not in its index."""
    touched: frozenset[str]
    """Files whose metadata differs from the index, so that only their content tells."""


def changed_in_clone(top: str, commit: str) -> ChangedPaths | None:
    """The files below `top`, the root folder of a clone, that may differ; None if Git cannot tell.

    Files that Git ignores are left out. Raises ToolFailed if Git fails.
    """
    tracked = ("diff-index", "--raw", "--no-abbrev", "--ignore-submodules=none", "-z", commit)
    fields = _fields(top, tracked)
    untracked = _fields(top, ("ls-files", "--others", "--exclude-standard", "-z"))
    if fields is None or untracked is None:
        return None
    # Each file has two fields: ":mode mode object object status", and the path.
    states = dict(zip(fields[1::2], fields[::2], strict=True))
    touched = frozenset(path for path, state in states.items() if _is_only_touched(state))
    return ChangedPaths(frozenset((*states, *untracked)) - touched, touched)


def _is_only_touched(state: str) -> bool:
    """Whether Git did not compare the content: it then prints zeros for the file's object."""
    _, _, _, after, status = state.split(" ")
    return status == "M" and not after.strip("0")


def _listed(folder: str, *commands: Sequence[str]) -> frozenset[str] | None:
    """The paths that commands of Git print; None if Git reports an error."""
    lists = [_fields(folder, words) for words in commands]
    found = [paths for paths in lists if paths is not None]
    return frozenset(chain.from_iterable(found)) if len(found) == len(lists) else None


def _fields(folder: str, words: Sequence[str]) -> list[str] | None:
    """The fields that Git prints, each with a zero byte at its end; None if it reports an error."""
    answer = Git.on_path(folder).run(*words, limit=LONGEST_LIST)
    if answer.problem:
        return None
    return [os.fsdecode(field) for field in answer.output.split(b"\0") if field]
