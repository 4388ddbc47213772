"""`gitops-gen init`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.messages import note


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".")
def command(folder: str) -> None:
    """Create a new repository with the values of a first environment and pull-request checks.

    DIR must be an empty directory, a fresh clone, or an empty directory in a clone. The URL and the
    branch of the repository are read from the remote `origin`. The workflow for pull requests,
    .pre-commit-config.yaml and renovate.json are written into the root directory of the clone.

    An existing README and existing settings of pre-commit and Renovate are kept, and missing lines
    are added to .gitignore and .gitattributes. If any other file would be overwritten, init reports
    it and writes nothing. `check` lists the placeholders that you must replace.

    \b
    Examples:
      gitops-gen init shop && cd shop && gitops-gen render
      git clone git@github.com:acme/shop.git && cd shop && gitops-gen init
    """
    from gitops_gen.scaffold import scaffold

    folder = os.path.normpath(folder)
    name = os.path.basename(os.path.abspath(folder))
    written = scaffold(folder, name)
    for path in written.paths:
        click.echo(path if os.path.isabs(folder) else _relative(path))
    for remark in written.remarks:
        note(f"note: {remark}")
    change_folder = "" if folder == "." else f"cd {folder} && "
    note(f"next: {change_folder}gitops-gen render; gitops-gen check lists what you must replace")


def _relative(path: str) -> str:
    """Returns the path as seen from the current directory, also if the directory is a link."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath("."))
