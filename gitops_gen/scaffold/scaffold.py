"""Files of the package -> a repository. An existing file is never overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path

from gitops_gen import __version__
from gitops_gen.components import catalogue
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs import schema_file
from gitops_gen.inputs.files import SAFE_NAME, SCHEMA
from gitops_gen.model import Finding, Position, Rule, Tree

RULE = Rule(
    "init",
    title="`init` writes a new repository into an empty folder",
    why="gitops-gen does not overwrite files that it did not write, and names the cluster after "
    "the folder.",
    remedy="Choose an empty folder, or one that does not exist yet, with a name of lower-case "
    "letters, digits and hyphens.",
)

FILES = Path(__file__).with_name("files")
# files/terraform and files/docs are links to this repository's own; in a wheel they are folders.
_NOT_FOR_USERS = {"tests", "decisions", "upstream", ".terraform"}
# What Terraform's users, developers of this package among them, keep beside its code.
_NOT_SHIPPED = re.compile(
    r"^terraform/(?!.*/examples/).*(\.tfvars|\.tfvars\.json|_override\.tf|hcl|state)"
)
# Files that a Git host puts into a new repository, and that stay as they are.
_LEFT_UNCHANGED = {"README.md"}
_ADDED_TO = {".gitattributes", ".gitignore"}
MINOR = ".".join(__version__.split(".")[:2])


def scaffold(folder: str, name: str) -> tuple[str, ...]:
    """Writes a repository for the application `name`; gives the paths, sorted.

    An existing README is kept, .gitignore and .gitattributes get the lines that they lack.
    Raises InvalidInput for a name that could not be a part of a cluster's name, and where another
    file is in the way; then nothing is written.
    """
    if not SAFE_NAME.fullmatch(name):
        text = f"'{name}' cannot name a cluster; choose a folder of lower-case letters, digits, -"
        raise InvalidInput.at(Position(folder), text, RULE)
    tree = dict(_missing(folder, files(name)))
    if in_the_way := [*_obstructed_folders(folder, tree), *_existing_files(folder, tree)]:
        raise InvalidInput(in_the_way)
    _write(folder, tree)
    return tuple(sorted(tree))


def _missing(folder: str, tree: Tree) -> Iterator[tuple[str, bytes]]:
    """What is to be written: whole files, and the lines that a file lacks."""
    for path, content in tree.items():
        target = os.path.join(folder, path)
        if not os.path.lexists(target):
            yield path, content
        elif _is_added_to(target, path):
            if lines := _missing_lines(Path(target).read_bytes(), content):
                yield path, lines
        elif path not in _LEFT_UNCHANGED:
            yield path, content


def _is_added_to(target: str, path: str) -> bool:
    return path in _ADDED_TO and os.path.isfile(target) and not os.path.islink(target)


def _missing_lines(present: bytes, required: bytes) -> bytes:
    """The lines of `required` that `present` lacks, to be appended to it."""
    lines = {line.strip() for line in present.splitlines()}
    new = b"".join(line for line in required.splitlines(True) if line.strip() not in lines)
    return b"\n" + new if new and present and not present.endswith(b"\n") else new


def _existing_files(folder: str, tree: Tree) -> Iterator[Finding]:
    for path in tree:
        target = os.path.join(folder, path)
        if os.path.lexists(target) and not _is_added_to(target, path):
            yield Finding(RULE, "is there already; choose another folder", Position(target))


def _obstructed_folders(folder: str, tree: Tree) -> Iterator[Finding]:
    """Files and links in the places of the new folders. A link in `folder` may lead anywhere."""
    above = next((p for p in _upwards(folder) if os.path.lexists(p)), folder)
    if os.path.lexists(above) and not os.path.isdir(above):
        yield Finding(RULE, "is not a folder; choose another place", Position(above))
        return
    for inner in sorted({f for path in tree for f in _upwards(os.path.dirname(path))}):
        place = os.path.join(folder, inner)
        if os.path.islink(place):
            yield Finding(RULE, "is a link; choose an empty folder", Position(place))
        elif os.path.lexists(place) and not os.path.isdir(place):
            yield Finding(RULE, "is not a folder; choose an empty one", Position(place))


def _upwards(folder: str) -> Iterator[str]:
    """The folder and the folders above it, nearest first."""
    while folder:
        yield folder
        above = os.path.dirname(folder)
        folder = above if above != folder else ""


def files(name: str) -> Tree:
    """The new repository's files."""
    packaged = {path: _filled(content, name) for path, content in _packaged()}
    return {**packaged, SCHEMA: schema_file(catalogue())}


def _packaged() -> Iterator[tuple[str, bytes]]:
    for parent, folders, names in os.walk(FILES, followlinks=True):
        folders[:] = sorted(set(folders) - _NOT_FOR_USERS)
        for path in (Path(parent, name) for name in sorted(names)):
            if not _NOT_SHIPPED.search(path.relative_to(FILES).as_posix()):
                yield path.relative_to(FILES).as_posix(), path.read_bytes()


def _filled(content: bytes, name: str) -> bytes:
    return content.replace(b"@NAME@", name.encode()).replace(b"@MINOR@", MINOR.encode())


def _write(folder: str, tree: Tree) -> None:
    """Writes all files or none: after a failure, what was written is removed, folders too."""
    try:
        with ExitStack() as undo:
            for path, content in tree.items():
                target = os.path.join(folder, path)
                for missing in _folders_to_make(os.path.dirname(target)):
                    os.mkdir(missing)
                    undo.callback(os.rmdir, missing)
                existed = os.path.lexists(target)
                with open(target, "ab" if path in _ADDED_TO else "xb") as file:
                    if existed:
                        undo.callback(os.truncate, target, file.tell())
                    else:
                        undo.callback(os.unlink, target)
                    file.write(content)
            undo.pop_all()
    except OSError as error:
        text = f"{error.filename or folder}: cannot be written: {error.strerror}"
        raise ToolFailed(text) from error


def _folders_to_make(folder: str) -> list[str]:
    """The folders on the way to `folder`, itself included, that are not there; outermost first."""
    missing = list(takewhile(lambda path: not os.path.lexists(path), _upwards(folder)))
    return missing[::-1]
