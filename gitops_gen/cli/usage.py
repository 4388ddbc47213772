"""Wrong usage of a command, in the format that its command line asks for."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gitops_gen.model import Checked, Finding, Position, Rule
from gitops_gen.report import formats, report

USAGE = Rule(
    "usage",
    title="A command is called with arguments that it takes",
    why="A command that guessed what an unknown argument means could write the wrong files.",
    remedy="Correct the command line; `gitops-gen COMMAND --help` lists arguments and examples.",
)


def usage_report(error: click.ClickException, arguments: Sequence[str]) -> str | None:
    """The error as a finding; None where it is to be printed as click does, in `text`."""
    form = _wanted_format(arguments)
    if form == "text" or form not in formats() or not _takes_format(error, form):
        return None
    finding = Finding(USAGE, error.format_message(), Position("command line"))
    return report(form, Checked((), (finding,)))


def _wanted_format(arguments: Sequence[str]) -> str:
    """The value of the last --format: click has parsed nothing where it refuses an argument."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    form = "text"
    for index, argument in enumerate(arguments[:end]):
        if argument.startswith("--format="):
            form = argument.partition("=")[2]
        elif argument == "--format":
            form = next(iter(arguments[index + 1 : index + 2]), "text")
    return form


def _takes_format(error: click.ClickException, form: str) -> bool:
    """Whether the command that was called has this format."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    options = context.command.params if context is not None else []
    types = [option.type for option in options if option.name == "form"]
    return any(isinstance(one, click.Choice) and form in one.choices for one in types)
