"""Writes all changes of a render, or none.

The contents are staged on the same file system, and then each file is renamed to its path. If a
step fails, the completed steps are undone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Finding, Position, Tree
from gitops_gen.tree._compare import Changes, Disk, Output, changes, survey
from gitops_gen.tree._lock import STAGING, Locked
from gitops_gen.tree._paths import NOT_A_FILE, ancestors
from gitops_gen.tree._plan import WritePlan
from gitops_gen.tree._root import FILE_MODE, RootFolder, failing, refused
from gitops_gen.tree._signals import Deferred, deferred
from gitops_gen.tree._steps import WriteStep
from gitops_gen.tree._written import entries_of, read_record, write_record

_ADVICE = f"some files are new and some are old (replaced files are in {STAGING}); render again"


class HalfUndone(ToolFailed):
    """Undoing the changes failed, too."""


def write(locked: Locked, outputs: Sequence[Output]) -> tuple[Changes, ...]:
    """Writes all of these outputs, or none, and returns the changes.

    Only files that differ are written. Raises InvalidInput if a file that no render wrote is at the
    path of an output, and ToolFailed for errors of the operating system. A signal takes effect
    after the changes have been undone.
    """
    root = locked.root
    disks = [survey(root, output) for output in outputs]
    all_changes = tuple(changes(root, *pair) for pair in zip(outputs, disks, strict=True))
    if blocked := [finding for item in all_changes for finding in item.blocked]:
        raise InvalidInput(blocked)
    plan = WritePlan(f"{STAGING}/{os.getpid()}")
    for output, disk, item in zip(outputs, disks, all_changes, strict=True):
        if item.pending:
            plan.add(output, disk, item)
            _record(root, output, disk)
    if plan.steps:
        _carry_out(root, plan)
    return all_changes


def _record(root: RootFolder, output: Output, disk: Disk) -> None:
    """Records what the render writes, before it writes: a killed process leaves a complete record.

    Entries of files that are on the disk are kept, because this render may be undone.
    """
    recorded = read_record(root, output.inventory)
    before = {path: text for path, text in recorded.items() if path in disk.files}
    write_record(root, output.inventory, before | entries_of(output.tree))


def replace(locked: Locked, path: str, content: bytes) -> None:
    """Replaces the content of an existing file, like `replace_all`."""
    replace_all(locked, {path: content})


def replace_all(locked: Locked, contents: Tree) -> None:
    """Replaces the contents of existing files: of all of them, or of none. Files keep their modes.

    Raises InvalidInput if a path is not a regular file of the repository, for example a link.
    """
    root = locked.root
    _require_files(root, contents)
    plan = WritePlan(f"{STAGING}/{os.getpid()}")
    for path, content in contents.items():
        with failing("read", path):
            plan.replacement(path, content, root.mode(path))
    if plan.steps:
        _carry_out(root, plan)


def put(locked: Locked, path: str, content: bytes) -> None:
    """Like `replace`, but creates the file and the folders above it if they are missing."""
    put_all(locked, {path: content})


def put_all(locked: Locked, contents: Tree, removed: Iterable[str] = ()) -> None:
    """Writes files that belong to no output, and removes others: all of them, or none.

    Raises InvalidInput if a path is not a regular file of the repository, for example a link.
    """
    root = locked.root
    plan = WritePlan(f"{STAGING}/{os.getpid()}")
    for path, content in contents.items():
        missing = _missing_folders(root, path)
        with failing("read", path):
            exists = not missing and root.lstat(path) is not None
        if exists:
            _require_files(root, [path])
            plan.replacement(path, content, root.mode(path))
        else:
            plan.new(path, content, missing)
    plan.removal(removed)
    if plan.steps:
        _carry_out(root, plan)


def _require_files(root: RootFolder, paths: Iterable[str]) -> None:
    text = "is not a regular file; replace it by the file itself"
    if links := [path for path in paths if not root.is_file(path)]:
        raise InvalidInput(Finding(NOT_A_FILE, text, Position(path)) for path in links)


def _missing_folders(root: RootFolder, path: str) -> set[str]:
    missing: set[str] = set()
    for folder in reversed(list(ancestors(path))):
        with failing("read", folder):
            status = None if missing else root.lstat(folder)
        if status is None:
            missing.add(folder)
        elif not stat.S_ISDIR(status.st_mode):
            text = "must be a folder and not a link; remove it"
            raise InvalidInput.at(Position(folder), text, NOT_A_FILE)
    return missing


def _carry_out(root: RootFolder, plan: WritePlan) -> None:
    with deferred() as signals, _staging(root, plan.staging):
        for staged, (path, content) in plan.contents.items():
            signals.check()
            with failing("write", path):
                root.create(staged, content, plan.modes.get(staged, FILE_MODE))
        _perform(root, plan.steps, signals)


@contextmanager
def _staging(root: RootFolder, folder: str) -> Iterator[None]:
    with failing("make", folder):
        root.mkdir(folder)
    try:
        yield
    except HalfUndone:
        raise  # The folder contains the files that could not be restored.
    except ToolFailed as error:
        _clear(root, folder)
        raise ToolFailed(f"{error}; nothing was changed") from error
    except BaseException:
        _clear(root, folder)
        raise
    _clear(root, folder)


def _clear(root: RootFolder, folder: str) -> None:
    """Removes the staging folder. A failure must not hide the result of the render."""
    with suppress(OSError):
        root.clear(folder)


def _perform(root: RootFolder, steps: Iterable[WriteStep], signals: Deferred) -> None:
    done: list[WriteStep] = []
    try:
        for step in steps:
            signals.check()
            with failing(step.verb, step.path):
                step.do(root)
            done.append(step)
        signals.check()
    except BaseException as error:
        _undo(root, done, error)
        raise


def _undo(root: RootFolder, done: list[WriteStep], cause: BaseException) -> None:
    """Undoes the completed steps, and stops at a step that cannot be undone.

    As after a kill, the inventory still lists all generated files, so the next render can finish.
    """
    for step in reversed(done):
        try:
            step.undo(root)
        except OSError as error:
            reason = refused("put back", step.path, error)
            raise HalfUndone(f"{cause}\n{reason}\n{_ADVICE}") from error
