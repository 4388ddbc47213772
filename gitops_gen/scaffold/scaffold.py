"""Files of the package -> a new repository. What is there already is never overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

from gitops_gen import __version__
from gitops_gen.components import catalogue
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs import schema_file
from gitops_gen.inputs.files import SAFE_NAME, SCHEMA
from gitops_gen.model import Finding, Position, Tree

FILES = Path(__file__).with_name("files")
# files/terraform and files/docs are links to this repository's own; in a wheel they are folders.
_NOT_FOR_USERS = {"tests", "decisions", ".terraform"}
# What Terraform's users, developers of this package among them, keep beside its code.
_NOT_SHIPPED = re.compile(
    r"^terraform/(?!.*/examples/).*(\.tfvars|\.tfvars\.json|_override\.tf|hcl|state)"
)
MINOR = ".".join(__version__.split(".")[:2])


def scaffold(folder: str, name: str) -> tuple[str, ...]:
    """Writes a repository for the application `name`; gives the paths, sorted.

    Raises InvalidInput for a name that could not be a part of a cluster's, and where a file
    is in the way; then nothing is written.
    """
    if not SAFE_NAME.fullmatch(name):
        text = f"'{name}' cannot name a cluster; choose a folder of lower-case letters, digits, -"
        raise InvalidInput.at(Position(folder), text)
    tree = files(name)
    if in_the_way := [*_no_folders(folder, tree), *_there(folder, tree)]:
        raise InvalidInput(in_the_way)
    _write(folder, tree)
    return tuple(sorted(tree))


def _there(folder: str, tree: Tree) -> Iterator[Finding]:
    for path in (os.path.join(folder, path) for path in tree):
        if os.path.lexists(path):
            yield Finding("init", "is there already; choose an empty folder", Position(path))


def _no_folders(folder: str, tree: Tree) -> Iterator[Finding]:
    """What stands where folders are to be. A link in `folder` may lead anywhere."""
    above = next((p for p in _upwards(folder) if os.path.lexists(p)), folder)
    if os.path.lexists(above) and not os.path.isdir(above):
        yield Finding("init", "is not a folder; choose another place", Position(above))
        return
    for inner in sorted({f for path in tree for f in _upwards(os.path.dirname(path))}):
        place = os.path.join(folder, inner)
        if os.path.islink(place):
            yield Finding("init", "is a link; choose an empty folder", Position(place))
        elif os.path.lexists(place) and not os.path.isdir(place):
            yield Finding("init", "is not a folder; choose an empty one", Position(place))


def _upwards(folder: str) -> Iterator[str]:
    """It and the folders above it, nearest first."""
    while folder:
        yield folder
        above = os.path.dirname(folder)
        folder = above if above != folder else ""


def files(name: str) -> Tree:
    """The new repository's files."""
    found = {path: _filled(content, name) for path, content in _packaged()}
    return {**found, SCHEMA: schema_file(catalogue())}


def _packaged() -> Iterator[tuple[str, bytes]]:
    for parent, folders, names in os.walk(FILES, followlinks=True):
        folders[:] = sorted(set(folders) - _NOT_FOR_USERS)
        for path in (Path(parent, name) for name in sorted(names)):
            if not _NOT_SHIPPED.search(path.relative_to(FILES).as_posix()):
                yield path.relative_to(FILES).as_posix(), path.read_bytes()


def _filled(content: bytes, name: str) -> bytes:
    return content.replace(b"@NAME@", name.encode()).replace(b"@MINOR@", MINOR.encode())


def _write(folder: str, tree: Tree) -> None:
    """All of it, or nothing: what a failure interrupts is taken away again, folders too."""
    undo: list[tuple[Callable[[str], None], str]] = []
    try:
        for path, content in tree.items():
            target = os.path.join(folder, path)
            for missing in _missing(os.path.dirname(target)):
                os.mkdir(missing)
                undo.append((os.rmdir, missing))
            with open(target, "xb") as file:
                undo.append((os.unlink, target))
                file.write(content)
    except BaseException as error:
        for take_away, target in reversed(undo):
            take_away(target)
        if isinstance(error, OSError):
            text = f"{error.filename or folder}: cannot be written: {error.strerror}"
            raise ToolFailed(text) from error
        raise


def _missing(folder: str) -> list[str]:
    """The folders on the way to `folder`, itself included, that are not there; outermost first."""
    found = list(takewhile(lambda path: not os.path.lexists(path), _upwards(folder)))
    return found[::-1]
