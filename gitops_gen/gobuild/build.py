"""From a folder of sources to programs in the user's cache."""

from __future__ import annotations

import shutil
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import Progress, is_private, locked, private_folder, root
from gitops_gen.gobuild.compiling import compile_program
from gitops_gen.gobuild.go import Go, go_for
from gitops_gen.gobuild.specification import ModuleFile, Specification, read
from gitops_gen.gobuild.target import Target

_DONE = "done"
_CURRENT = "current"


def build(sources: Path, progress: Progress, target: Target | None = None) -> Path:
    """The folder of the programs; what was built before is not built again.

    `target` is the platform that they are to run on, if it is another one than this.
    """
    specification = read(sources)
    folder = private_folder(specification.folder)
    place = private_folder(specification.folder, _key(specification, target))
    programs = private_folder(specification.folder, place.name, "bin")
    with locked(folder, progress):
        if not (place / _DONE).exists():
            _build(go_for(specification.sources, progress, target), specification, place, progress)
            (place / _DONE).touch()
        if target is None:
            _point_to(folder, place)
    return programs


def find(sources: Path, name: str) -> Path | None:
    """A program that was built from exactly these sources, unless others can change it."""
    specification = read(sources)
    place = root() / specification.folder / _key(specification)
    program = place / "bin" / name
    if not (place / _DONE).is_file() or not program.is_file():
        return None
    parts = (root(), root() / specification.folder, place, place / "bin", program)
    return program if all(is_private(part) for part in parts) else None


def digest(sources: Path) -> str:
    """What a program says that it was built from, if it was built from these sources."""
    return read(sources).digest()


def _key(specification: Specification, target: Target | None = None) -> str:
    """A home directory may be shared by machines of several architectures."""
    of = target or Target.current()
    return f"{specification.digest()[:16]}-{of.system}-{of.machine}"


def _build(go: Go, specification: Specification, place: Path, progress: Progress) -> None:
    folder, flags = place / "bin", specification.link_flags(go.version_of)
    for number, program in enumerate(specification.programs, 1):
        if (folder / program.name).exists():
            continue
        progress(f"building {program.name} ({number} of {len(specification.programs)})")
        compile_program(go, program.package, flags, folder / program.name, progress)
    for file in specification.files:
        _copy(go, file, folder)


def _copy(go: Go, file: ModuleFile, folder: Path) -> None:
    source = Path(go.output("list", "-m", "-f", "{{.Dir}}", file.module)) / file.path
    target = folder / file.to
    target.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise ToolFailed(f"{file.path} of {file.module} cannot be copied: {error}") from error


def _point_to(folder: Path, place: Path) -> None:
    """`current` is what was built last, for whoever does not know the sources."""
    link = folder / f".{_CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(place.name)
    link.replace(folder / _CURRENT)
