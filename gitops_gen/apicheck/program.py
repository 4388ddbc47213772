"""Finds the program. Only `install` builds it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gitops_gen import gobuild
from gitops_gen.errors import ToolFailed

NAME = "apicheck"
VARIABLE = "GITOPS_GEN_APICHECK"
"""The variable that contains the path of another file, which must have been built from the same
sources."""
SOURCES = Path(__file__).with_name("sources")
"""In the repository, this is a link to tools/apicheck; in a wheel, a copy of the Go sources."""
IN_WHEEL = Path(__file__).parent / "bin" / NAME
"""Platform wheels contain it; the pure wheel does not."""
ADVICE = (
    "`gitops-gen doctor --install apicheck` builds it once, which takes some minutes; "
    "the wheels for Linux and macOS contain it"
)


@dataclass(frozen=True, slots=True)
class ApicheckProgram:
    path: Path
    sources: str
    """The digest of the sources from which it must have been built. A Session verifies it."""


def find() -> ApicheckProgram | None:
    """Returns the program of GITOPS_GEN_APICHECK, otherwise of the wheel, otherwise of the cache.

    Raises ToolFailed if the program of GITOPS_GEN_APICHECK cannot be used.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _program(_executable(named))
    path = IN_WHEEL if os.access(IN_WHEEL, os.X_OK) else gobuild.find(SOURCES, NAME)
    return _program(path) if path else None


def require() -> ApicheckProgram:
    found = find()
    if found is None:
        raise ToolFailed(f"the program apicheck is not installed; {ADVICE}")
    return found


def install(progress: Callable[[str], None]) -> ApicheckProgram:
    """Returns the installed program, or builds it into the cache of the user."""
    return find() or _program(gobuild.build(SOURCES, progress) / NAME)


def _program(path: Path) -> ApicheckProgram:
    return ApicheckProgram(path, gobuild.digest(SOURCES))


def _executable(name: str) -> Path:
    from shutil import which

    path = which(name)
    if path is None or not os.path.isfile(path):
        raise ToolFailed(
            f"{VARIABLE}={name} is not an executable file; correct the path or unset the variable"
        )
    found = Path(path).absolute()
    if not _is_trusted(found):
        raise ToolFailed(
            f"{VARIABLE}={name} belongs to another user, or other users can write to it; "
            f"copy it, or take their permission: chmod go-w {found}"
        )
    return found


def _is_trusted(path: Path) -> bool:
    """Returns whether only this user and root can change the file."""
    status = path.stat()
    writable = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return status.st_uid in (0, os.geteuid()) and not writable
