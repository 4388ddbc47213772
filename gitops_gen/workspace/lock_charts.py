"""Locks the upstream charts of a revision, and writes the changed files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gitops_gen.charts.files import LOCK_FILE, PINS_FILE
from gitops_gen.charts.lock import read_lock
from gitops_gen.charts.locking import (
    LockChange,
    Upgrade,
    lock_in_use,
    misplaced_pins,
    ranges_resolved,
    unused_pins,
    upgraded_pins,
)
from gitops_gen.charts.pins import read_pins
from gitops_gen.charts.publisher import Publishers
from gitops_gen.revisions import Overlay, Revision
from gitops_gen.workspace.upstream_charts import charts_in_use
from gitops_gen.workspace.workspace import Workspace


def lock_charts(
    revision: Revision, upgrades: Sequence[Upgrade], publishers: Publishers
) -> tuple[LockChange, tuple[str, ...]]:
    """Returns the change of the lock and of the pins, and notes for the user.

    The values are planned with the locked version of each range, so ranges are resolved first.
    """
    resolved = _with_ranges(revision, (), publishers)
    if upgrades:
        in_use = charts_in_use(Workspace(resolved))
        changed = upgraded_pins(resolved, in_use, upgrades, publishers)
        resolved = _with_ranges(changed, [one.section for one in upgrades], publishers)
    in_use = charts_in_use(Workspace(resolved))
    change = lock_in_use(read_lock(resolved), in_use, publishers)
    notes = (*misplaced_pins(in_use), *unused_pins(read_pins(resolved), in_use))
    return _compared(revision, resolved, change), notes


def _with_ranges(revision: Revision, upgrades: Sequence[str], publishers: Publishers) -> Revision:
    """Returns the revision with a lock that has a version for each range."""
    lock = ranges_resolved(read_lock(revision), read_pins(revision), publishers, upgrades)
    return Overlay(revision, {LOCK_FILE: lock.content()})


def _compared(before: Revision, after: Revision, change: LockChange) -> LockChange:
    """Returns the change from the first revision."""
    old, new = read_lock(before).charts, change.lock.charts
    pins = after.read(PINS_FILE) if after.exists(PINS_FILE) else None
    if pins is not None and before.exists(PINS_FILE) and before.read(PINS_FILE) == pins:
        pins = None
    added = tuple(one for one in new if one not in old)
    removed = tuple(one for one in old if one not in new)
    return replace(change, added=added, removed=removed, pins=pins)


def write_lock(root: str, change: LockChange, waiting: Callable[[str], None]) -> None:
    """Writes charts.lock and Chart.yaml, both or none of them, if they changed."""
    from gitops_gen.tree import lock, put_all

    contents = {} if change.pins is None else {PINS_FILE: change.pins}
    if change.added or change.removed:
        contents[LOCK_FILE] = change.lock.content()
    if contents:
        with lock(root, waiting=waiting) as locked:
            put_all(locked, contents)
