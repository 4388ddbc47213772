"""Reads from a clone what a new repository needs: its URL, its branch, and the folder in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.placeholders import TEXT
from gitops_gen.model import Position, Rule
from gitops_gen.revisions.git import Git
from gitops_gen.scaffold.remote_url import argocd_url, is_valid

RULE = Rule(
    "init-clone",
    title="`init` can read the Git repository that it writes into",
    why="The values contain the URL of the Git repository and the path of the folder in it, and "
    "the workflow belongs into the root folder of the Git repository.",
    remedy="Repair the clone as the message says, or choose a folder whose path consists of "
    "letters, digits, dots, hyphens and underscores.",
)
BRANCH = "main"
"""The branch of a repository that does not exist yet."""
_HEAD = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Clone:
    """Where a new repository is written, and how Argo CD finds it."""

    top: str
    """The root folder of the Git repository; the new folder itself if there is no clone."""
    folder: str = ""
    """The path of the new folder in the Git repository; empty for the root folder."""
    url: str | None = None
    """The URL of the remote for Argo CD; None if it must be written by hand."""
    revision: str = BRANCH
    remark: str = ""
    """What a user must know about the URL."""

    @property
    def prefix(self) -> str:
        return f"{self.folder}/" if self.folder else ""


def clone_at(folder: str) -> Clone:
    """Returns the clone that contains `folder`, which may not exist yet.

    Raises InvalidInput if Git cannot read the clone, or for a path that Argo CD cannot use.
    """
    existing = next(path for path in upwards(os.path.abspath(folder)) if os.path.lexists(path))
    program = shutil.which("git")
    if program is None or not os.path.isdir(existing):
        return Clone(folder)
    git = Git(program, existing)
    if not _is_work_tree(git, folder):
        return Clone(folder)
    top = _line(git, "rev-parse", "--show-toplevel") or existing
    path = os.path.relpath(os.path.realpath(folder), top)
    return _in_clone(git, folder, top, "" if path == "." else path)


def _in_clone(git: Git, folder: str, top: str, path: str) -> Clone:
    if path and not is_valid(("repository", "path"), path):
        text = (
            "the path of this folder in its Git repository cannot be `repository.path`; use "
            "letters, digits, dots, hyphens and underscores"
        )
        raise InvalidInput.at(Position(folder), text, RULE)
    remote = _remote(git)
    url = next(_urls(git, remote), None) if remote else None
    branch = _branch(git, remote)
    return Clone(top if path else folder, path, url, branch, _remark(remote, url))


def _is_work_tree(git: Git, folder: str) -> bool:
    answer = git.run("rev-parse", "--is-inside-work-tree")
    if answer.problem and "not a git repository" not in answer.problem:
        raise InvalidInput.at(Position(folder), f"git: {answer.problem}", RULE)
    return answer.output.strip() == b"true"


def _remote(git: Git) -> str | None:
    """Returns `origin`, or the only remote."""
    names = os.fsdecode(git.run("remote").output).splitlines()
    return "origin" if "origin" in names else names[0] if len(names) == 1 else None


def _urls(git: Git, remote: str) -> Iterator[str]:
    """Yields the usable URLs of a remote: as configured, and with the replacements of insteadOf.

    The first one is preferred, because replacements often exist only on this machine.
    """
    entries = os.fsdecode(git.run("config", "--list", "-z").output).split("\0")
    key = f"remote.{remote}.url\n"
    configured = [entry.removeprefix(key) for entry in entries if entry.startswith(key)]
    for text in (*configured[:1], _line(git, "remote", "get-url", remote) or ""):
        if url := argocd_url(text):
            yield url


def _branch(git: Git, remote: str | None) -> str:
    """Returns the default branch of the remote, or the current branch."""
    followed = f"refs/remotes/{remote}/"
    of_remote = _line(git, "symbolic-ref", "--quiet", f"{followed}HEAD") if remote else None
    current = _line(git, "symbolic-ref", "--quiet", "HEAD") or ""
    branch = of_remote.removeprefix(followed) if of_remote else current.removeprefix(_HEAD)
    return branch if branch and is_valid(("repository", "revision"), branch) else BRANCH


def _remark(remote: str | None, url: str | None) -> str:
    by_hand = f"write your URL in place of '{TEXT}' in values/base.yaml"
    if remote is None:
        return f"the clone has no remote 'origin': {by_hand}"
    if url is None:
        return f"Argo CD cannot use the URL of the remote '{remote}': {by_hand}"
    if not url.startswith("https://"):
        return (
            "Argo CD needs an SSH key for repository.url, and its nodes need egress to the SSH "
            "port; a URL with https:// needs neither if the repository is public"
        )
    return ""


def _line(git: Git, *arguments: str) -> str | None:
    answer = git.run(*arguments)
    return None if answer.problem else os.fsdecode(answer.output).removesuffix("\n")


def upwards(folder: str) -> Iterator[str]:
    """Yields the directory and its parent directories, nearest first."""
    while folder:
        yield folder
        above = os.path.dirname(folder)
        folder = above if above != folder else ""
