"""Messages of a running command, on standard error. Standard output contains only results."""

from __future__ import annotations

import sys

import click


def note(text: str) -> None:
    click.echo(text, err=True)


def on_terminal() -> bool:
    """Whether a user sees standard error on a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def ignored(_text: str) -> None:
    """Prints nothing, for the option --quiet."""


def progress(text: str) -> None:
    """Prints a line that the next one replaces; an empty text clears it. Only on a terminal."""
    if on_terminal():
        # The sequence that clears the line is not a colour, so NO_COLOR does not remove it.
        click.echo(f"\r\x1b[K{text}\r", err=True, nl=False, color=True)
