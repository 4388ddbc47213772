"""`gitops-gen check`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.findings import format_option, refusals_in_format
from gitops_gen.report import report


@click.command(name="check")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@format_option
@refusals_in_format
def command(environments: tuple[str, ...], form: str) -> int:
    """Validate the values of all environments, or of the given environments.

    The command reports the same errors as `gitops-gen render`, except those that are found only by
    running Helm. It writes no files.

    \b
    Examples:
      gitops-gen check                   every environment
      gitops-gen check prod
      gitops-gen check --format github   annotations in a pull request
    """
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace

    checked = Workspace(WorkTree(os.getcwd())).check(environments)
    click.echo(report(form, checked), nl=False)
    return 2 if checked.errors else 0
