"""`gitops-gen set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root

if TYPE_CHECKING:
    from gitops_gen.inputs.assign import ValueChange


@click.command(name="set")
@click.argument("environment", metavar="ENV")
@click.argument("assignments", metavar="PATH=VALUE...", nargs=-1, required=True)
@format_option
@refusals_in_format
def command(environment: str, assignments: tuple[str, ...], form: str) -> None:
    """Change values in values/ENV.yaml. Comments and the order of keys are kept.

    If the result would be invalid, nothing is written.

    \b
    PATH is a list of keys separated by dots. Quote a key that contains a dot
    ("in.quotes"), and write [0] for the first item of a list.
    VALUE is YAML: {...} is a map, [...] a list, "..." a string, and null removes
    the key and its default. To get the default back, delete the line with null
    by hand. For a key whose type is string, 1.10 stays the string "1.10".

    \b
    Examples:
      gitops-gen set prod tiers.backend.image.tag=2.0.2
      gitops-gen set dev postgres.enabled=false tiers.web.replicas=1
      gitops-gen set dev tiers.web.env='{LOG_LEVEL: debug}' tiers.report=null
    """
    from gitops_gen.revisions import WorkTree
    from gitops_gen.tree import lock, replace
    from gitops_gen.workspace import Workspace

    workspace = Workspace(WorkTree(repository_root()))
    workspace.chosen([environment])
    with lock(repository_root(), waiting=note) as locked:
        assigned = workspace.set_values(environment, assignments)
        if assigned.differs:
            replace(locked, assigned.file, assigned.data)
    output = CommandOutput(form)
    output.findings((environment,), assigned.warnings, ())
    for change in assigned.changes if assigned.differs else ():
        _report(change, output)
    if not assigned.differs:
        output.line(f"{assigned.file}: no change")


def _report(change: ValueChange, output: CommandOutput) -> None:
    from gitops_gen.inputs.wording import show_if
    from gitops_gen.model import dotted

    lead = f"{change.after}: {dotted(change.path)}"
    old, new = (show_if(change.shown, value) for value in (change.old, change.new))
    if not change.alike:
        because = f" ({change.because})" if change.because else ""
        output.line(f"{lead}: {old} -> {new}{because}")
    elif change.before and change.before.file != change.after.file:
        output.line(f"{lead}: {new}, as before in {change.before}")
