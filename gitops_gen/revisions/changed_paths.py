"""Which files of a work tree may differ from a commit, without reading them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from gitops_gen.revisions.git import Git


def changed_paths(root: str, commit: str, folders: Sequence[str]) -> frozenset[str] | None:
    """The files in these folders that may differ, relative to `root`; None if Git cannot tell.

    Git compares its index with the commit, and the metadata of the files with the index. A file
    that was touched but not changed is included. Raises ToolFailed if Git fails.
    """
    git = Git.on_path(root)
    tracked = ("diff-index", "--name-only", "--relative", "--ignore-submodules=none", "-z", commit)
    untracked = ("ls-files", "--others", "-z")
    found: set[str] = set()
    for words in (tracked, untracked):
        answer = git.run(*words, "--", *folders)
        if answer.problem:
            return None
        found.update(os.fsdecode(name) for name in answer.output.split(b"\0") if name)
    return frozenset(found)
