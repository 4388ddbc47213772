"""All of a render, or nothing of it.

Contents are staged first, on the same file system; then each file is renamed into place. Whatever
fails on the way, the steps that were done are undone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position
from gitops_gen.tree._compare import Changes, Output, changes, survey
from gitops_gen.tree._lock import STAGING, Locked
from gitops_gen.tree._paths import NOT_A_FILE, ancestors
from gitops_gen.tree._plan import WritePlan
from gitops_gen.tree._root import RootFolder, failing, refused
from gitops_gen.tree._signals import Deferred, deferred
from gitops_gen.tree._steps import WriteStep

_ADVICE = f"files are whole, some new, some old (those replaced are in {STAGING}); render again"


class HalfUndone(ToolFailed):
    """The machine refused to undo the changes too."""


def write(locked: Locked, outputs: Sequence[Output]) -> tuple[Changes, ...]:
    """Makes the disk hold these outputs, all of them or none; gives the changes.

    Only what differs is written. Raises InvalidInput where a file that no render wrote is in the
    way, and ToolFailed where the machine refuses. A signal has its usual effect after the changes
    have been undone.
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
    if plan.steps:
        _carry_out(root, plan)
    return all_changes


def replace(locked: Locked, path: str, content: bytes) -> None:
    """Makes one file hold `content`, with the mode it has; it is whole, old or new, at any time.

    Raises InvalidInput for what is no file of the repository's own, a link for instance.
    """
    root = locked.root
    if not root.is_file(path):
        text = "is no regular file here; put the file itself here"
        raise InvalidInput.at(Position(path), text, NOT_A_FILE)
    staging = f"{STAGING}/{os.getpid()}"
    with deferred() as signals, _staging(root, staging), failing("write", path):
        root.create(f"{staging}/0", content, root.mode(path))
        signals.check()
        root.rename(f"{staging}/0", path)


def put(locked: Locked, path: str, content: bytes) -> None:
    """As `replace`, but the file, and the folders above it, are made where they are missing."""
    root = locked.root
    missing = _missing_folders(root, path)
    with failing("read", path):
        exists = not missing and root.lstat(path) is not None
    if exists:
        replace(locked, path, content)
        return
    plan = WritePlan(f"{STAGING}/{os.getpid()}")
    plan.new(path, content, missing)
    _carry_out(root, plan)


def _missing_folders(root: RootFolder, path: str) -> set[str]:
    missing: set[str] = set()
    for folder in reversed(list(ancestors(path))):
        with failing("read", folder):
            status = None if missing else root.lstat(folder)
        if status is None:
            missing.add(folder)
        elif not stat.S_ISDIR(status.st_mode):
            text = "must be a folder, and no link; remove it"
            raise InvalidInput.at(Position(folder), text, NOT_A_FILE)
    return missing


def _carry_out(root: RootFolder, plan: WritePlan) -> None:
    with deferred() as signals, _staging(root, plan.staging):
        for staged, (path, content) in plan.contents.items():
            signals.check()
            with failing("write", path):
                root.create(staged, content)
        _perform(root, plan.steps, signals)


@contextmanager
def _staging(root: RootFolder, folder: str) -> Iterator[None]:
    with failing("make", folder):
        root.mkdir(folder)
    try:
        yield
    except HalfUndone:
        raise  # The folder holds the files that could not be put back.
    except ToolFailed as error:
        _clear(root, folder)
        raise ToolFailed(f"{error}; nothing was changed") from error
    except BaseException:
        _clear(root, folder)
        raise
    _clear(root, folder)


def _clear(root: RootFolder, folder: str) -> None:
    """A failure here must not hide the result of the render; the next render reports it."""
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
    """Ends at a step that cannot be undone. The inventory still lists all files that renders wrote,
    as after a kill, so that the next render can finish."""
    for step in reversed(done):
        try:
            step.undo(root)
        except OSError as error:
            reason = refused("put back", step.path, error)
            raise HalfUndone(f"{cause}\n{reason}\n{_ADVICE}") from error
