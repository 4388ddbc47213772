"""`gitops-gen init`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.messages import note


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".")
def command(folder: str) -> None:
    """Make a repository to begin with: values of a first environment, checks for pull requests.

    In an empty folder, or in a fresh clone: a README stays, and .gitignore and .gitattributes get
    the lines that they lack. Anything else that is in the way is told, and nothing is written.

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
