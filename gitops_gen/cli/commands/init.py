"""`gitops-gen init`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.messages import note


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".")
def command(folder: str) -> None:
    """Create a new repository with the values of a first environment and pull-request checks.

    DIR must be an empty directory or a fresh clone. An existing README is kept, and missing lines
    are added to .gitignore and .gitattributes. If any other file would be overwritten, init
    reports it and writes nothing.

    \b
    Examples:
      gitops-gen init shop && cd shop && gitops-gen render
    """
    from gitops_gen.scaffold import scaffold

    folder = os.path.normpath(folder)
    name = os.path.basename(os.path.abspath(folder))
    for path in scaffold(folder, name):
        click.echo(os.path.normpath(os.path.join(folder, path)))
    change_folder = "" if folder == "." else f"cd {folder} && "
    note(f"next: {change_folder}gitops-gen render")
