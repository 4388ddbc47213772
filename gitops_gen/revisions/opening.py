"""Resolves the name of a revision, which may be any string, to a commit."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position, Rule, printable
from gitops_gen.revisions.commit import Commit
from gitops_gen.revisions.git import Git, ObjectReader
from gitops_gen.revisions.git_tree import FOLDER, Entry, GitTree
from gitops_gen.revisions.revision import LARGEST, Revision
from gitops_gen.revisions.work_tree import WorkTree

_TREE = re.compile(rb"tree ([0-9a-f]{40}|[0-9a-f]{64})\n")
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
REVISION = Rule(
    "revision",
    title="A revision can be read from Git",
    why="If the commit or one of its files cannot be read, gitops-gen cannot compare or rehearse "
    "it.",
    remedy="Use a commit, a branch or a tag of this repository. If the clone is shallow, fetch it "
    "first.",
)


@contextmanager
def opened(root: str, name: str | None) -> Iterator[Revision]:
    """A context with the commit `name`, or with the work tree for None.

    Raises InvalidInput if Git cannot read a repository in `root` (with the message of Git), or if
    `name` is not a commit.
    """
    if name is None:
        yield WorkTree(root)
        return
    with opened_commit(root, name) as commit:
        yield commit


@contextmanager
def opened_commit(root: str, name: str) -> Iterator[Commit]:
    git = Git.on_path(root)
    prefix = _prefix(git, root)
    objects = ObjectReader(git)
    try:
        found = _commit(git, objects, root, name)
        with tempfile.TemporaryDirectory(prefix="gitops-gen-commit-") as scratch:
            tree = _tree(objects, found, prefix, root, name)
            yield Commit(name, found, tree, scratch)
    finally:
        objects.close()


def _prefix(git: Git, root: str) -> str:
    """The path of `root` in its repository; empty at the top level and in a bare repository."""
    answer = git.run("rev-parse", "--show-prefix")
    if answer.problem:
        raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION)
    prefix = os.fsdecode(answer.output).removesuffix("\n")
    if prefix and (prefix.startswith("/") or not prefix.endswith("/")):
        raise git.nonsense("rev-parse")
    return prefix.removesuffix("/")


def resolved(git: Git, root: str, name: str) -> str:
    """The object name of a commit. Raises InvalidInput if `name` is not a commit."""
    objects = ObjectReader(git)
    try:
        return _commit(git, objects, root, name)
    finally:
        objects.close()


def _commit(git: Git, objects: ObjectReader, root: str, name: str) -> str:
    found = _meant(git, name)
    if found is None:
        objects.require(_named(git, name))
        text = f"'{printable(name)}' is not a revision of this repository"
        if git.run("rev-parse", "--is-shallow-repository").output.strip() == b"true":
            text += "; it is a shallow clone, so fetch the missing commits (git fetch --unshallow)"
        raise InvalidInput.at(Position(root), text, REVISION)
    return found


def _meant(git: Git, name: str) -> str | None:
    """The commit with this name, or None."""
    return _object(git, f"{name}^{{commit}}") if _can_be_a_name(name) else None


def _named(git: Git, name: str) -> str | None:
    """The object that a branch or a tag refers to, even if the repository does not contain it."""
    found = _object(git, name) if _can_be_a_name(name) else None
    return None if found == name else found


def _can_be_a_name(name: str) -> bool:
    """Whether Git would read the text as a name: "-" begins an option, and "^" an exclusion."""
    return name != "" and name[0] not in "-^" and name.isprintable()


def _object(git: Git, name: str) -> str | None:
    answer = git.run("rev-parse", "--verify", "--quiet", name)
    if answer.problem:
        return None
    found = answer.output.decode("ascii", "replace").removesuffix("\n")
    if not _OBJECT.fullmatch(found):
        raise git.nonsense("rev-parse")
    return found


def _tree(objects: ObjectReader, commit: str, prefix: str, root: str, name: str) -> GitTree:
    """The folder of the commit that corresponds to `root`."""
    content = objects.read(commit, "commit", LARGEST) or b""
    found = _TREE.match(content)
    if found is None:
        raise ToolFailed(f"commit {commit[:12]} is damaged: it has no folder; run git fsck")
    tree = GitTree(objects, name, Entry(FOLDER, found[1].decode()))
    folder: Entry | None = tree.top
    for part in prefix.split("/") if prefix else ():
        folder = tree.entries(folder).get(part) if folder and folder.is_folder else None
    if folder is None or not folder.is_folder or not tree.entries(folder):
        text = f"commit {commit[:12]} contains no file of this folder"
        raise InvalidInput.at(Position(root), text, REVISION)
    return GitTree(objects, name, folder)
