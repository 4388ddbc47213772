"""Copies files of the package into a new repository. No existing file is overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from gitops_gen.components import catalogue
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs import schema_file
from gitops_gen.inputs.files import SAFE_NAME, SCHEMA
from gitops_gen.model import Finding, Position, Rule, Tree
from gitops_gen.scaffold import settings_of_tools
from gitops_gen.scaffold.clone import Clone, clone_at, upwards
from gitops_gen.scaffold.fill import filled, variables

RULE = Rule(
    "init",
    title="`init` writes a new repository into an empty directory",
    why="gitops-gen does not overwrite files that it did not write, and the name of the directory "
    "becomes part of the cluster's name.",
    remedy="Choose an empty directory, or one that does not exist yet, with a name of lower-case "
    "letters, digits and hyphens.",
)

FILES = Path(__file__).with_name("files")
# files/terraform and files/docs are symbolic links to the directories of this repository; in a
# wheel they are directories.
_NOT_FOR_USERS = {"tests", "decisions", "upstream", ".terraform"}
# A page about the tests of gitops-gen, which a user does not have.
_PAGES_NOT_FOR_USERS = {"docs/terraform-facts.md"}
# Files that a user of Terraform, such as a developer of this package, has next to the modules.
_NOT_SHIPPED = re.compile(
    r"^terraform/(?!.*/examples/).*(\.tfvars|\.tfvars\.json|_override\.tf|hcl|state)"
)
# Files that a Git host adds to a new repository; an existing file is kept.
_LEFT_UNCHANGED = {"README.md"}
_ADDED_TO = {".gitattributes", ".gitignore"}


@dataclass(frozen=True, slots=True)
class Scaffolded:
    """The written paths, and what a user must know about the files."""

    paths: tuple[str, ...]
    remarks: tuple[str, ...]


def scaffold(folder: str, name: str) -> Scaffolded:
    """Writes a repository for the application `name`.

    In a clone, files that Git hosts and bots look for are written into its root folder. An existing
    README and existing settings of other tools are kept, and missing lines are added to .gitignore
    and .gitattributes. Raises InvalidInput for a name that cannot be part of a cluster's name, and
    for any other file that would be overwritten; then nothing is written.
    """
    if not SAFE_NAME.fullmatch(name):
        text = (
            f"'{name}' cannot be part of a cluster's name; choose a directory whose name consists "
            "of lower-case letters, digits and hyphens"
        )
        raise InvalidInput.at(Position(folder), text, RULE)
    clone = clone_at(folder)
    kept = dict(settings_of_tools.kept(clone))
    wanted = {path: content for path, content in files(name, clone).items() if path not in kept}
    tree = dict(_missing(clone, wanted))
    if conflicts := [*_conflicting_folders(clone.top, tree), *_existing_files(clone, tree)]:
        raise InvalidInput(conflicts)
    _write(clone.top, tree)
    paths = tuple(os.path.join(clone.top, path) for path in sorted(tree))
    return Scaffolded(paths, tuple(_remarks(clone, kept)))


def _remarks(clone: Clone, kept: Mapping[str, str]) -> Iterator[str]:
    if clone.remark:
        yield clone.remark
    if kept:
        yield f"kept: {', '.join(kept.values())}; {settings_of_tools.ADVICE}"


def _missing(clone: Clone, tree: Tree) -> Iterator[tuple[str, bytes]]:
    """Yields the content to write: whole files, and the lines that an existing file lacks."""
    for path, content in tree.items():
        target = os.path.join(clone.top, path)
        if not os.path.lexists(target):
            yield path, content
        elif _is_added_to(clone, path):
            if lines := _missing_lines(Path(target).read_bytes(), content):
                yield path, lines
        elif path.removeprefix(clone.prefix) not in _LEFT_UNCHANGED:
            yield path, content


def _is_added_to(clone: Clone, path: str) -> bool:
    target = os.path.join(clone.top, path)
    is_shared = path.removeprefix(clone.prefix) in _ADDED_TO
    return is_shared and os.path.isfile(target) and not os.path.islink(target)


def _missing_lines(present: bytes, required: bytes) -> bytes:
    """Returns the lines of `required` that `present` lacks, as text to append to it."""
    lines = {line.strip() for line in present.splitlines()}
    new = b"".join(line for line in required.splitlines(True) if line.strip() not in lines)
    return b"\n" + new if new and present and not present.endswith(b"\n") else new


def _existing_files(clone: Clone, tree: Tree) -> Iterator[Finding]:
    for path in tree:
        target = os.path.join(clone.top, path)
        if os.path.lexists(target) and not _is_added_to(clone, path):
            yield Finding(RULE, "already exists; choose another directory", Position(target))


def _conflicting_folders(folder: str, tree: Tree) -> Iterator[Finding]:
    """Yields files and links at the paths of new directories. A link may lead anywhere."""
    above = next((p for p in upwards(folder) if os.path.lexists(p)), folder)
    if os.path.lexists(above) and not os.path.isdir(above):
        yield Finding(RULE, "is not a directory; choose another path", Position(above))
        return
    for inner in sorted({f for path in tree for f in upwards(os.path.dirname(path))}):
        place = os.path.join(folder, inner)
        if os.path.islink(place):
            yield Finding(RULE, "is a link; choose an empty directory", Position(place))
        elif os.path.lexists(place) and not os.path.isdir(place):
            yield Finding(RULE, "is not a directory; choose an empty one", Position(place))


def files(name: str, clone: Clone) -> Tree:
    """Returns the files of the new repository, by their paths in the root folder of the clone."""
    texts = variables(name, clone)
    packaged = {
        settings_of_tools.place(path, clone): filled(content, texts)
        for path, content in _packaged()
    }
    return {**packaged, f"{clone.prefix}{SCHEMA}": schema_file(catalogue())}


def _packaged() -> Iterator[tuple[str, bytes]]:
    for parent, folders, names in os.walk(FILES, followlinks=True):
        folders[:] = sorted(set(folders) - _NOT_FOR_USERS)
        for file in (Path(parent, name) for name in sorted(names)):
            path = file.relative_to(FILES).as_posix()
            if path not in _PAGES_NOT_FOR_USERS and not _NOT_SHIPPED.search(path):
                yield path, file.read_bytes()


def _write(folder: str, tree: Tree) -> None:
    """Writes all files or none: after a failure, new files, lines and directories are removed."""
    try:
        with ExitStack() as undo:
            for path, content in tree.items():
                target = os.path.join(folder, path)
                for missing in _missing_folders(os.path.dirname(target)):
                    os.mkdir(missing)
                    undo.callback(os.rmdir, missing)
                existed = os.path.lexists(target)
                with open(target, "ab" if existed else "xb") as file:
                    if existed:
                        undo.callback(os.truncate, target, file.tell())
                    else:
                        undo.callback(os.unlink, target)
                    file.write(content)
            undo.pop_all()
    except OSError as error:
        text = f"{error.filename or folder}: cannot be written: {error.strerror}"
        raise ToolFailed(text) from error


def _missing_folders(folder: str) -> list[str]:
    """Returns `folder` and its parent directories that do not exist, outermost first."""
    missing = list(takewhile(lambda path: not os.path.lexists(path), upwards(folder)))
    return missing[::-1]
