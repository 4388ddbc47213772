"""Where the program is. Only `install` builds one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gitops_gen import gobuild
from gitops_gen.errors import ToolFailed

NAME = "apicheck"
VARIABLE = "GITOPS_GEN_APICHECK"
"""Names another file to run, which must have been built from the same sources."""
SOURCES = Path(__file__).with_name("sources")
"""In the repository a link to tools/apicheck, in a wheel a copy of the Go sources."""
IN_WHEEL = Path(__file__).parent / "bin" / NAME
"""Platform wheels have it, the pure wheel has not."""
ADVICE = (
    "`gitops-gen doctor --install apicheck` builds it (some minutes, once), "
    "and wheels for a platform bring it"
)


@dataclass(frozen=True, slots=True)
class ApicheckProgram:
    path: Path
    sources: str
    """The digest of the sources that it must have been built from; a Session verifies it."""


def find() -> ApicheckProgram | None:
    """The one that GITOPS_GEN_APICHECK names, else that of the wheel, else that of the cache."""
    named = os.environ.get(VARIABLE)
    if named:
        return _program(_executable(named))
    path = IN_WHEEL if os.access(IN_WHEEL, os.X_OK) else gobuild.find(SOURCES, NAME)
    return _program(path) if path else None


def require() -> ApicheckProgram:
    found = find()
    if found is None:
        raise ToolFailed(f"the program apicheck is not here; {ADVICE}")
    return found


def install(progress: Callable[[str], None]) -> ApicheckProgram:
    """The program that is here already, else a new one in the user's cache."""
    return find() or _program(gobuild.build(SOURCES, progress) / NAME)


def _program(path: Path) -> ApicheckProgram:
    return ApicheckProgram(path, gobuild.digest(SOURCES))


def _executable(name: str) -> Path:
    from shutil import which

    path = which(name)
    if path is None:
        raise ToolFailed(
            f"{VARIABLE}={name} is no program that can be started; unset it or correct it"
        )
    return Path(path).absolute()
