"""Writes changed values files and prints what changed, for `set` and `promote`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import click

from gitops_gen.cli.findings import CommandOutput
from gitops_gen.cli.messages import note
from gitops_gen.cli.next_step import ChangeMade, after_change

if TYPE_CHECKING:
    from gitops_gen.inputs.assign import Assigned, ValueChange

    Change: TypeAlias = Callable[[], Sequence[Assigned]]
    """Reads the values files and returns their new contents."""

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Only show what would change; write nothing."
)


def change_files(root: str, change: Change, *, dry_run: bool) -> Sequence[Assigned]:
    """Writes the changed files, all of them or none, and returns the changes."""
    from gitops_gen.tree import lock, replace_all

    if dry_run:
        return change()
    with lock(root, waiting=note) as locked:
        results = change()
        replace_all(locked, {one.file: one.data for one in results if one.differs})
    return results


def print_changes(
    root: str, names: Sequence[str], results: Sequence[Assigned], form: str, *, dry_run: bool
) -> None:
    output = CommandOutput(form)
    output.findings(names, list(dict.fromkeys(w for one in results for w in one.warnings)), ())
    for one in results:
        _print_file(one, output)
    changed = [name for name, one in zip(names, results, strict=True) if one.differs]
    if dry_run:
        output.line("nothing was written (--dry-run)")
    else:
        after_change(ChangeMade(root, changed))


def _print_file(result: Assigned, output: CommandOutput) -> None:
    if not result.differs:
        output.line(f"{result.file}: no change")
        return
    for change in result.changes:
        _print_change(change, output)
    for line in result.overridden:
        output.line(line)


def _print_change(change: ValueChange, output: CommandOutput) -> None:
    from gitops_gen.model import dotted

    lead = f"{change.after}: {dotted(change.path)}"
    old, new = change.texts
    if not change.alike:
        because = f" ({change.because})" if change.because else ""
        output.line(f"{lead}: {old} -> {new}{because}")
    elif change.before and change.before.file != change.after.file:
        output.line(f"{lead}: {new}, as before in {change.before}")
