"""Wrong usage of a command, reported in the format that the command line requests."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gitops_gen.model import COMMAND_LINE, Checked, Finding, Rule
from gitops_gen.report import formats, report

USAGE = Rule(
    "usage",
    title="A command is called with arguments that it accepts",
    why="A command that guessed the meaning of an unknown argument could write the wrong files.",
    remedy="Correct the command line; `gitops-gen COMMAND --help` lists arguments and examples.",
)


def usage_report(error: click.ClickException, arguments: Sequence[str]) -> str | None:
    """Returns the error as a finding, or None if click must print it because the format is text."""
    form = _requested_format(arguments)
    if form == "text" or form not in formats() or not _takes_format(error, form):
        return None
    finding = Finding(USAGE, error.format_message(), COMMAND_LINE)
    return report(form, Checked((), (finding,)))


def _requested_format(arguments: Sequence[str]) -> str:
    """Returns the value of the last --format.

    The arguments are read here because click parses no option if it rejects an argument.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    form = "text"
    for index, argument in enumerate(arguments[:end]):
        if argument.startswith("--format="):
            form = argument.partition("=")[2]
        elif argument == "--format":
            form = next(iter(arguments[index + 1 : index + 2]), "text")
    return form


def _takes_format(error: click.ClickException, form: str) -> bool:
    """Returns whether the command that was called supports this format."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    options = context.command.params if context is not None else []
    types = [option.type for option in options if option.name == "form"]
    return any(isinstance(kind, click.Choice) and form in kind.choices for kind in types)
