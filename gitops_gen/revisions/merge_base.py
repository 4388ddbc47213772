"""The commit with which a work tree is compared, and the commits since then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position, printable
from gitops_gen.revisions.commit import Commit
from gitops_gen.revisions.git import Git
from gitops_gen.revisions.opening import REVISION, opened_commit, resolved

DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
"""The names that are tried in this order if no revision is given."""
_END = "\x1f"
"""Separates the trailers from the message in the output of Git."""
_SHALLOW = (
    "the clone is shallow, so older commits are missing; fetch them with `git fetch --unshallow`"
)


@dataclass(frozen=True, slots=True)
class ComparisonBase:
    """`commit` is the last common commit of the work tree and of the revision `name`."""

    name: str
    commit: str
    head: str
    is_merge_base: bool
    notes: tuple[str, ...] = ()
    is_certain: bool = True
    """Whether no missing commit of a shallow clone could be a later common commit."""

    @property
    def label(self) -> str:
        if self.is_merge_base and self.commit != self.head:
            return f"{self.commit[:7]}, the last common commit with {self.name}"
        return f"{self.commit[:7]} ({self.name})"


@dataclass(frozen=True, slots=True)
class CommitMessage:
    """The values of one trailer in the message of a commit."""

    commit: str
    author: str
    trailers: tuple[str, ...]
    misplaced: tuple[str, ...] = ()
    """The values of lines that look like the trailer, but are not in the last paragraph."""


def comparison_base(root: str, name: str | None, head_name: str | None = None) -> ComparisonBase:
    """The last common commit of `head_name` (default: HEAD) with `name`, or the default branch.

    Raises InvalidInput if Git cannot read a repository in `root`, or if there is no such commit.
    """
    git = Git.on_path(root)
    head = _head(git, root) if head_name is None else resolved(git, root, head_name)
    found, commit = _named(git, root, name)
    common = _common_commit(git, commit, head)
    notes = tuple(_notes(git, found, common))
    # If one of both commits is an ancestor of the other, it is the last common commit.
    certain = common in (commit, head) or not _is_shallow(git)
    return ComparisonBase(found, common or commit, head, common is not None, notes, certain)


def has_commits(root: str) -> bool:
    """Whether the repository of `root` has a commit that is checked out.

    Raises InvalidInput if Git cannot read the repository, ToolFailed if Git is missing.
    """
    git = Git.on_path(root)
    if not git.run("rev-parse", "--verify", "--quiet", "HEAD").problem:
        return True
    if (answer := git.run("rev-parse", "--git-dir")).problem:
        raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION)
    return False


def root_of_clone(root: str) -> str:
    """The root folder of the clone that contains `root`. Raises InvalidInput if there is none."""
    answer = Git.on_path(root).run("rev-parse", "--show-toplevel")
    if answer.problem:
        raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION)
    return os.fsdecode(answer.output).removesuffix("\n")


def is_shallow(root: str) -> bool:
    """Whether older commits are missing. It is false if there is no repository."""
    return _is_shallow(Git.on_path(root))


@contextmanager
def opened_base(root: str, base: ComparisonBase) -> Iterator[Commit]:
    """A context with the commit of the base, which messages call by its short name."""
    with opened_commit(root, base.commit) as commit:
        yield replace(commit, revision=base.commit[:7])


def trailers(root: str, base: ComparisonBase, key: str) -> tuple[CommitMessage, ...]:
    """The commits between the base and HEAD that have this trailer, the newest first."""
    if base.commit == base.head:
        return ()
    git = Git.on_path(root)
    text = f"%H%n%an <%ae>%n%(trailers:key={key},valueonly,unfold){_END}%B"
    options = ("--no-show-signature", "--no-color", "-z", f"--format={text}")
    wanted = ("-i", f"--grep=^[[:space:]]*{key}[[:space:]]*:", f"{base.commit}..{base.head}")
    answer = git.run("log", *options, *wanted)
    if answer.problem:
        raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION)
    records = answer.output.decode(errors="replace").split("\0")
    return tuple(_message(record, key) for record in records if record.strip())


def _message(record: str, key: str) -> CommitMessage:
    fields, _, body = record.partition(_END)
    commit, author, *lines = fields.strip("\n").split("\n")
    values = tuple(line.strip() for line in lines if line.strip())
    return CommitMessage(commit, author, values, tuple(_misplaced(body, key, values)))


def _misplaced(body: str, key: str, trailers: tuple[str, ...]) -> Iterator[str]:
    """Yields the lines that Git does not read as trailers, as in most squashed commits."""
    for line in body.splitlines():
        name, _, value = line.partition(":")
        is_trailer = any(one.startswith(value.strip()) for one in trailers)
        if name.strip().lower() == key.lower() and not is_trailer:
            yield value.strip()


def _head(git: Git, root: str) -> str:
    try:
        return resolved(git, root, "HEAD")
    except InvalidInput:
        answer = git.run("rev-parse", "--git-dir")
        if answer.problem:
            raise InvalidInput.at(Position(root), f"git: {answer.problem}", REVISION) from None
        text = "the repository has no commit yet, so there is nothing to compare with"
        raise InvalidInput.at(Position(root), text, REVISION) from None


def _named(git: Git, root: str, name: str | None) -> tuple[str, str]:
    """The name of the revision to compare with, and its commit."""
    if name is not None:
        return printable(name), resolved(git, root, name)
    for branch in DEFAULT_BRANCHES:
        try:
            return branch, resolved(git, root, branch)
        except InvalidInput:
            continue
    text = f"none of the branches {', '.join(DEFAULT_BRANCHES)} exists; name a revision: --base REV"
    if _is_shallow(git):
        text += f"; {_SHALLOW}"
    raise InvalidInput.at(Position(root), text, REVISION)


def _common_commit(git: Git, first: str, second: str) -> str | None:
    """The best common commit. Git marks it with "^" when it resolves a symmetric difference."""
    if first == second:
        return first
    answer = git.run("rev-parse", f"{first}...{second}")
    lines = os.fsdecode(answer.output).split()
    return next((line[1:] for line in lines if line.startswith("^")), None)


def _notes(git: Git, name: str, common: str | None) -> Iterator[str]:
    shallow = _is_shallow(git)
    if common is None:
        yield (
            f"the work tree and {name} have no common commit, so {name} itself is compared: a "
            "change that was made only there appears to be reverted here"
        )
    if shallow:
        yield _SHALLOW


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").output.strip() == b"true"
