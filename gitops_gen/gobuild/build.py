"""From a folder of sources to programs in the cache of the user."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import Progress, is_private, locked, private_folder, root
from gitops_gen.gobuild.specification import ModuleFile, Specification, read
from gitops_gen.gobuild.target import Target

if TYPE_CHECKING:
    from gitops_gen.gobuild.go import Go

_DONE = "done"
_CURRENT = "current"


def build(sources: Path, progress: Progress, target: Target | None = None) -> Path:
    """Builds the programs of a folder unless they exist, and returns the folder that contains them.

    `target` is the platform on which they will run; by default it is the current one. Raises
    ToolFailed.
    """
    specification = read(sources)
    try:
        return _built(specification, progress, target)
    except OSError as error:
        message = f"{error.filename or specification.folder}: {error.strerror}"
        raise ToolFailed(f"the programs cannot be stored: {message}") from error


def find(sources: Path, name: str) -> Path | None:
    """Returns the program that was built from exactly these sources.

    Returns None if it was not built, or if another user could have changed it.
    """
    specification = read(sources)
    # A cache that does not exist or cannot be read contains no program.
    with suppress(OSError, ToolFailed):
        place = root() / specification.folder / _key(specification, Target.current())
        program = place / "bin" / name
        parts = (root(), root() / specification.folder, place, place / "bin", program)
        if (place / _DONE).is_file() and program.is_file() and all(map(is_private, parts)):
            return program
    return None


def digest(sources: Path) -> str:
    """Returns the digest of the sources, which a program that was built from them reports."""
    return read(sources).digest()


def _built(specification: Specification, progress: Progress, target: Target | None) -> Path:
    from gitops_gen.gobuild.go import go_for

    platform = target or Target.current()
    folder = private_folder(specification.folder)
    place = private_folder(specification.folder, _key(specification, platform))
    programs = private_folder(specification.folder, place.name, "bin")
    with locked(folder, progress):
        if not (place / _DONE).exists():
            go = go_for(specification.sources, progress, platform)
            _build(go, specification, place, progress)
            (place / _DONE).touch()
        if target is None:
            _point_to(folder, place)
    return programs


def _key(specification: Specification, target: Target) -> str:
    """Machines of several architectures may share a home directory."""
    return f"{specification.digest()[:16]}-{target.system}-{target.machine}"


def _build(go: Go, specification: Specification, place: Path, progress: Progress) -> None:
    from gitops_gen.gobuild.compiling import compile_program

    folder, flags = place / "bin", specification.link_flags(go.version_of)
    for number, program in enumerate(specification.programs, 1):
        if (folder / program.name).exists():
            continue
        progress(f"building {program.name} ({number} of {len(specification.programs)})")
        compile_program(go, program.package, flags, folder / program.name, progress)
    for file in specification.files:
        _copy(go, file, folder)


def _copy(go: Go, file: ModuleFile, folder: Path) -> None:
    import shutil

    source = Path(go.output("list", "-m", "-f", "{{.Dir}}", file.module)) / file.path
    target = folder / file.to
    target.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise ToolFailed(f"{file.path} of {file.module} cannot be copied: {error}") from error


def _point_to(folder: Path, place: Path) -> None:
    """Makes the link `current` point to the last build, for callers that lack the sources."""
    link = folder / f".{_CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(place.name)
    link.replace(folder / _CURRENT)
