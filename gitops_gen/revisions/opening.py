"""From the name of a revision, which may be anything, to the commit that it means."""

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
    why="The commit, or a file of it, cannot be read, so there is nothing to compare with or to "
    "rehearse.",
    remedy="Name a commit, a branch or a tag of this repository, and fetch it first if the clone "
    "is shallow.",
)


@contextmanager
def opened(root: str, name: str | None) -> Iterator[Revision]:
    """The work tree for None, else the commit that `name` means; it is read until the end.

    Raises InvalidInput where Git reads no repository in `root` (in Git's words), or `name` means
    no commit of it.
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
    """Where `root` is in its repository; empty at the top, and in a bare repository."""
    answer = git.run("rev-parse", "--show-prefix")
    if answer.problem:
        raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION)
    prefix = os.fsdecode(answer.output).removesuffix("\n")
    if prefix and (prefix.startswith("/") or not prefix.endswith("/")):
        raise git.nonsense("rev-parse")
    return prefix.removesuffix("/")


def _commit(git: Git, objects: ObjectReader, root: str, name: str) -> str:
    found = _meant(git, name)
    if found is None:
        objects.require(_named(git, name))
        text = f"'{printable(name)}' is no revision of this repository"
        if git.run("rev-parse", "--is-shallow-repository").output.strip() == b"true":
            text += "; it is a shallow clone: fetch what is missing (git fetch --unshallow)"
        raise InvalidInput.at(Position(root), text, REVISION)
    return found


def _meant(git: Git, name: str) -> str | None:
    """The only commit that the name means."""
    return _object(git, f"{name}^{{commit}}") if _can_be_a_name(name) else None


def _named(git: Git, name: str) -> str | None:
    """The object that a branch or a tag names, whether or not the repository holds it."""
    found = _object(git, name) if _can_be_a_name(name) else None
    return None if found == name else found


def _can_be_a_name(name: str) -> bool:
    """Git takes what begins with a hyphen for an option, and with ^ for all but the commit."""
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
    """The folder of the commit that stands for `root`."""
    content = objects.read(commit, "commit", LARGEST) or b""
    found = _TREE.match(content)
    if found is None:
        raise ToolFailed(f"commit {commit[:12]} is damaged: it names no folder; see git fsck")
    tree = GitTree(objects, name, Entry(FOLDER, found[1].decode()))
    folder: Entry | None = tree.top
    for part in prefix.split("/") if prefix else ():
        folder = tree.entries(folder).get(part) if folder and folder.is_folder else None
    if folder is None or not folder.is_folder or not tree.entries(folder):
        text = f"commit {commit[:12]} holds no file of this folder"
        raise InvalidInput.at(Position(root), text, REVISION)
    return GitTree(objects, name, folder)
