"""The files of a commit as Git keeps them, which is what Argo CD reads.

Neither filters nor attributes (export-ignore, export-subst, line ends) come between, and nothing
is written through a link.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position, Rule, printable

REVISION = Rule(
    "revision",
    title="A revision can be read from Git",
    why="Without the commit, or with a file in it that cannot be checked out, there is nothing to "
    "rehearse.",
    remedy="Name a commit, a branch or a tag of this repository, and fetch it first if the clone "
    "is shallow.",
)

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_UNFIT = frozenset({"", ".", ".."})
_LINK, _SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    mode: str
    blob: str
    path: str


def commit(git: str, root: Path, name: str) -> str:
    """The commit that a name means now; empty where it means none, or more than one.

    Raises InvalidInput where Git reads no repository here at all, in its own words.
    """
    # What begins with a hyphen, Git would take for an option.
    if name.startswith("-") or "\0" in name:
        return ""
    if problem := _run(git, root, "rev-parse", "--git-dir")[1]:
        raise InvalidInput.at(Position(str(root)), f"git: {problem}", REVISION)
    found = _git(git, root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()
    return found if _COMMIT.fullmatch(found) else ""


def shallow(git: str, root: Path) -> bool:
    """Whether it is a clone without its whole history."""
    return _git(git, root, "rev-parse", "--is-shallow-repository").strip() == "true"


def check_out(git: str, root: Path, commit: str, folder: Path) -> None:
    """The files of `root` in that commit, in the empty `folder`.

    Raises InvalidInput for a link out of the repository: Argo CD refuses all of it then.
    """
    entries = _entries(git, root, commit)
    files = [entry for entry in entries if entry.mode not in (_LINK, _SUBMODULE)]
    links = [entry for entry in entries if entry.mode == _LINK]
    # Links come last: until then there is none that anything could be written through.
    with _contents(git, root, [*files, *links]) as contents:
        for entry in files:
            _place(folder, entry).write_bytes(_content(contents, entry))
        for entry in links:
            _place(folder, entry).symlink_to(os.fsdecode(_content(contents, entry)))
    for entry in links:
        _require_inside(folder, entry, commit)


def _entries(git: str, root: Path, commit: str) -> list[Entry]:
    prefix = _git(git, root, "rev-parse", "--show-prefix").removesuffix("\n")
    listed = _git(git, root, "ls-tree", "-r", "-z", "--full-tree", f"{commit}:{prefix}")
    if not listed:
        text = f"commit {commit[:12]} holds no file here"
        raise InvalidInput.at(Position(str(root)), text, REVISION)
    return [_entry(line) for line in listed.split("\0") if line]


def _entry(line: str) -> Entry:
    facts, _, path = line.partition("\t")
    mode, _, blob = facts.split(" ")
    if any(part in _UNFIT or part.lower() == ".git" for part in path.split("/")):
        raise InvalidInput.at(Position(path), "no repository may hold such a path", REVISION)
    return Entry(mode, blob, path)


def _place(folder: Path, entry: Entry) -> Path:
    place = folder / entry.path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _require_inside(folder: Path, entry: Entry, commit: str) -> None:
    leads = Path(os.path.realpath(folder / entry.path))
    if not leads.is_relative_to(os.path.realpath(folder)):
        text = (
            f"is a link out of the repository in commit {commit[:12]}, for which Argo CD refuses "
            "the whole repository; remove it"
        )
        raise InvalidInput.at(Position(entry.path), text, REVISION)


def _git(git: str, root: Path, *arguments: str) -> str:
    """What Git prints; nothing where it refuses."""
    return _run(git, root, *arguments)[0]


def _run(git: str, root: Path, *arguments: str) -> tuple[str, str]:
    """What Git prints, or what it complains of."""
    command = [git, "-C", str(root), *arguments]
    result = subprocess.run(command, capture_output=True, env=_environment(), check=False)
    if result.returncode == 0:
        return os.fsdecode(result.stdout), ""
    words = " ".join(os.fsdecode(result.stderr).split())
    return "", printable(words or f"exit code {result.returncode}")


def _environment() -> dict[str, str]:
    # What stands in for an object here (git replace) does not reach Argo CD.
    return {**os.environ, "GIT_NO_REPLACE_OBJECTS": "1"}


@contextmanager
def _contents(git: str, root: Path, entries: Sequence[Entry]) -> Iterator[IO[bytes]]:
    """What Git prints of these blobs, one after the other."""
    command = [git, "-C", str(root), "cat-file", "--batch"]
    with tempfile.TemporaryFile() as wanted:
        wanted.writelines(f"{entry.blob}\n".encode() for entry in entries)
        wanted.seek(0)
        with subprocess.Popen(
            command, stdin=wanted, stdout=subprocess.PIPE, env=_environment()
        ) as process:
            if process.stdout is not None:
                yield process.stdout


def _content(contents: IO[bytes], entry: Entry) -> bytes:
    """`<name> blob <size>`, the bytes, a newline."""
    header = contents.readline().split()
    if len(header) != 3 or header[1] != b"blob":
        raise ToolFailed(f"git does not give {printable(entry.path)}; try git fsck")
    size = int(header[2])
    return contents.read(size + 1)[:size]
