"""From a folder of sources to programs in the user's cache."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import Progress, is_private, locked, private_folder, root
from gitops_gen.gobuild.compiling import compile_program
from gitops_gen.gobuild.go import Go, go_for
from gitops_gen.gobuild.specification import ModuleFile, Specification, read

_DONE = "done"
_CURRENT = "current"


def build(sources: Path, progress: Progress) -> Path:
    """The folder of the programs; what was built before is not built again."""
    specification = read(sources)
    folder = private_folder(specification.folder)
    target = private_folder(specification.folder, _key(specification))
    programs = private_folder(specification.folder, target.name, "bin")
    with locked(folder, progress):
        if not (target / _DONE).exists():
            _build(
                specification, private_folder(*target.relative_to(root()).parts, "bin"), progress
            )
            (target / _DONE).touch()
        _point_to(folder, target)
    return programs


def find(sources: Path, name: str) -> Path | None:
    """A program that was built from exactly these sources, unless others can change it."""
    specification = read(sources)
    target = root() / specification.folder / _key(specification)
    program = target / "bin" / name
    if not (target / _DONE).is_file() or not program.is_file():
        return None
    parts = (root(), root() / specification.folder, target, target / "bin", program)
    return program if all(is_private(part) for part in parts) else None


def digest(sources: Path) -> str:
    """What a program says that it was built from, if it was built from these sources."""
    return read(sources).digest()


def _key(specification: Specification) -> str:
    """A home directory may be shared by machines of several architectures."""
    return f"{specification.digest()[:16]}-{platform.system()}-{platform.machine()}".lower()


def _build(specification: Specification, folder: Path, progress: Progress) -> None:
    go = go_for(specification.sources, progress)
    flags = specification.link_flags(go.version_of)
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


def _point_to(folder: Path, target: Path) -> None:
    """`current` is what was built last, for whoever does not know the sources."""
    link = folder / f".{_CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(folder / _CURRENT)
