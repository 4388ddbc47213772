"""The files of a clone that differ from the base."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.revisions import Revision, WorkTree
from gitops_gen.revisions.changed_paths import changed_in_clone, changed_paths
from gitops_gen.revisions.commit import Commit
from gitops_gen.revisions.merge_base import ComparisonBase, opened_base, root_of_clone
from gitops_gen.revisions.opening import REVISION

_NOT_LISTED = "git cannot list the files that differ from the base"
# A chart may contain archives, and `values` and `charts` are read even if Git ignores a file there.
_ALSO_IGNORED = ("values", "charts")


@dataclass(frozen=True)
class ChangedFiles:
    """The changed files. Paths are relative to the root folder of the clone."""

    base: Commit
    head: WorkTree
    prefix: str
    """The path of the folder with values/ and a "/"; empty if it is the root of the clone."""
    paths: tuple[str, ...]

    def mention(self, path: str, pattern: re.Pattern[bytes]) -> bool:
        """Whether a text matches the file in one of both revisions. A file that cannot be read,
        such as a submodule or a link to a folder, counts as matching."""
        return any(_matches(side, path, pattern) for side in (self.base, self.head))


@contextmanager
def changed_files(root: str, base: ComparisonBase) -> Iterator[ChangedFiles]:
    """A context with the files of the work tree that differ from the base.

    Raises InvalidInput if Git cannot tell.
    """
    top = root_of_clone(root)
    prefix = os.path.relpath(os.path.realpath(root), os.path.realpath(top)).replace(os.sep, "/")
    prefix = "" if prefix == "." else f"{prefix}/"
    with opened_base(top, base) as commit:
        head = WorkTree(top)
        paths = {*_changed(commit, head), *_ignored(root, commit, prefix)}
        yield ChangedFiles(commit, head, prefix, tuple(sorted(paths)))


def _changed(base: Commit, head: WorkTree) -> Iterator[str]:
    found = changed_in_clone(head.root, base.id)
    if found is None:
        raise InvalidInput.at(Position(head.root), _NOT_LISTED, REVISION)
    yield from found.certain
    yield from (path for path in found.touched if not _has_equal_content(base, head, path))


def _ignored(root: str, base: Commit, prefix: str) -> Iterator[str]:
    """Yields the changed files of values/ and charts/, including those that Git ignores."""
    for path in changed_paths(root, base.id, _ALSO_IGNORED) or ():
        if not base.exists(f"{prefix}{path}"):
            yield f"{prefix}{path}"


def _has_equal_content(base: Commit, head: WorkTree, path: str) -> bool:
    try:
        return base.has_content(path, head.read(path))
    except InvalidInput:
        return False


def _matches(side: Revision, path: str, pattern: re.Pattern[bytes]) -> bool:
    try:
        return side.exists(path) and pattern.search(side.read(path)) is not None
    except InvalidInput:
        return True
