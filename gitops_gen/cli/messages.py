"""Messages of a running command, on standard error. Standard output contains only results."""

from __future__ import annotations

import sys

import click

from gitops_gen.cli import colour
from gitops_gen.model import printable, printable_lines


def note(text: str) -> None:
    """Prints lines, in which nothing from a server or a file name is executed by a terminal."""
    click.echo(colour.findings(printable_lines(text)), err=True)


def on_terminal() -> bool:
    """Whether a user sees standard error on a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def ignored(_text: str) -> None:
    """Prints nothing, for the option --quiet."""


def progress(text: str) -> None:
    """Prints a line that the next one replaces; an empty text clears it. Only on a terminal."""
    if on_terminal():
        # The sequence that clears the line is not a colour, so NO_COLOR does not remove it.
        click.echo(f"\r\x1b[K{printable(text)}\r", err=True, nl=False, color=True)
