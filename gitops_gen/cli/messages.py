"""Messages of a running command on standard error; standard output is for results alone."""

from __future__ import annotations

import sys

import click


def note(text: str) -> None:
    click.echo(text, err=True)


def progress(text: str) -> None:
    """One line that the next one replaces, on a terminal only; an empty text clears it."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}\r", err=True, nl=False)
