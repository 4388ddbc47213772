"""Which paths a tree may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.model import Finding, Position, Rule, printable

PATH = Rule(
    "path",
    title="Generated files have safe paths",
    why="A path outside the generated folders, or one that a file system cannot hold beside "
    "another, must not be written.",
    remedy="Rename the component or the object that the path is made of.",
)
NOT_A_FILE = Rule(
    "not-a-file",
    title="The files that gitops-gen writes are regular files in real folders",
    why="A link would lead the write to another place, and nothing can be written through a "
    "device or a pipe.",
    remedy="Put the file or folder itself in its place, or remove what is there.",
)

LONGEST_NAME = 255
"""Bytes in one part of a path: the limit of every common file system."""


def ancestors(path: str) -> Iterator[str]:
    """The folders above a path, nearest first: `a/b/c` has `a/b` and `a`."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder that must exist for these paths to exist."""
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
    """What makes it impossible to write a path, wherever it lies."""
    if not path.isprintable():
        return "a path may hold printable characters only"
    if "\\" in path:
        return "a path may not hold a backslash"
    for part in path.split("/"):
        if (reason := _part_fault(part)) is not None:
            return reason
    return None


def _part_fault(part: str) -> str | None:
    if part in ("", ".", ".."):
        return f"a path may not have {part!r} as a part"
    if part.lower() == ".git":
        return "a path may not lead into a folder of Git's"
    if len(part.encode()) > LONGEST_NAME:
        return f"a part of a path may not be longer than {LONGEST_NAME} bytes"
    return None


def refusals(paths: Iterable[str], owned: tuple[str, ...]) -> list[Finding]:
    """Why these paths cannot be a tree: all reasons, in the order of the paths."""
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
    """Paths that no file system, or none that ignores letter case, could hold side by side."""
    folders = folders_of(ordered)
    both = [refusal(p, "both a file and a folder have this path") for p in ordered if p in folders]
    first: dict[str, str] = {}
    for path in sorted(folders.union(ordered)):
        earlier = first.setdefault(_folded(path), path)
        if earlier != path and not _folders_differ(earlier, path):
            both.append(refusal(path, f"only letter case tells this path from {earlier}"))
    return both


def _folders_differ(path: str, second: str) -> bool:
    """Whether the folders clash: that is reported once, and not for every file in them."""
    return path.rpartition("/")[0] != second.rpartition("/")[0]


def _folded(path: str) -> str:
    """Equal for paths that macOS or Windows would take for the same."""
    if path.isascii():
        return path.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
