"""Validates the paths of generated files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.model import Finding, Position, Rule, printable

PATH = Rule(
    "path",
    title="Generated files have safe paths",
    why="gitops-gen writes only to the generated folders, and some file systems cannot store two "
    "paths that differ only in letter case.",
    remedy="Rename the component or the object that the path is derived from.",
)
NOT_A_FILE = Rule(
    "not-a-file",
    title="The files that gitops-gen writes are regular files, and their folders are not links",
    why="A write through a link would change another file, and a device or a pipe cannot be "
    "replaced by a file.",
    remedy="Replace the link, device or pipe by the file or folder itself, or remove it.",
)

LONGEST_NAME = 255
"""The most bytes in one part of a path on every common file system."""


def ancestors(path: str) -> Iterator[str]:
    """The folders above a path, nearest first: `a/b/c` has `a/b` and `a`."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def folders_of(paths: Iterable[str]) -> set[str]:
    """All folders that must exist for these paths to exist."""
    folders: set[str] = set()
    for path in paths:
        for folder in ancestors(path):
            if folder in folders:
                break
            folders.add(folder)
    return folders


def inside(path: str, owned: tuple[str, ...]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in owned)


def fault(path: str) -> str | None:
    """The reason why a path cannot be written in any folder, or None."""
    if not path.isprintable():
        return "a path must contain only printable characters"
    if "\\" in path:
        return "a path must not contain a backslash"
    for part in path.split("/"):
        if (reason := _part_fault(part)) is not None:
            return reason
    return None


def _part_fault(part: str) -> str | None:
    if part in ("", ".", ".."):
        return f"a path must not have {part!r} as a part"
    if part.lower() == ".git":
        return "a path must not lead into a .git folder"
    if len(part.encode()) > LONGEST_NAME:
        return f"a part of a path must not be longer than {LONGEST_NAME} bytes"
    return None


def refusals(paths: Iterable[str], owned: tuple[str, ...]) -> list[Finding]:
    """Findings about the paths that cannot be written, in the order of the paths."""
    ordered = sorted(paths)
    single = [finding for path in ordered if (finding := _refusal(path, owned)) is not None]
    return single or _clashes(ordered)


def _refusal(path: str, owned: tuple[str, ...]) -> Finding | None:
    reason = fault(path)
    if reason is None and not inside(path, owned):
        reason = f"it is not inside {' or '.join(owned)}"
    return None if reason is None else refusal(path, f"cannot write this file: {reason}")


def refusal(path: str, message: str) -> Finding:
    return Finding(PATH, message, Position(printable(path)))


def _clashes(ordered: list[str]) -> list[Finding]:
    """Findings about paths that exclude each other, at least if letter case is ignored."""
    folders = folders_of(ordered)
    both = [refusal(p, "this path is both a file and a folder") for p in ordered if p in folders]
    first: dict[str, str] = {}
    for path in sorted(folders.union(ordered)):
        earlier = first.setdefault(_folded(path), path)
        if earlier != path and not _folders_differ(earlier, path):
            both.append(refusal(path, f"this path differs from {earlier} only in letter case"))
    return both


def _folders_differ(path: str, second: str) -> bool:
    """Whether the folders above differ in letter case, which is reported once for the folder."""
    return path.rpartition("/")[0] != second.rpartition("/")[0]


def _folded(path: str) -> str:
    """A form that is equal for paths that are the same on macOS or Windows."""
    if path.isascii():
        return path.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
