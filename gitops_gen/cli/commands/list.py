"""`gitops-gen list`."""

from __future__ import annotations

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import finding_line, formats


@click.command(name="list")
@click.argument("environments", metavar="[ENV]...", nargs=-1, shell_complete=complete_environments)
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("listing")),
    default="text",
    show_default=True,
    help="Output format: json is for scripts and for the matrix of a CI workflow.",
)
@refusals_in_format
def command(environments: tuple[str, ...], form: str) -> int:
    """List environments with their groups, clusters and components.

    The components of up to three environments are printed in the order of their sync waves, with
    the versions of upstream charts and the images; the format json always contains them. Only
    values are read, and nothing is rendered, so the images of upstream charts are not listed. An
    environment with invalid values is listed with its errors; the exit code is then 2.

    \b
    Examples:
      gitops-gen list                   all environments
      gitops-gen list prod              also the components of prod
      gitops-gen list --format json | jq -c '[.environments[].name]'
    """
    from gitops_gen.report.listing import listing
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.listing import listed

    found = list(listed(Workspace(WorkTree(repository_root())), environments))
    click.echo(listing(form, found), nl=False)
    errors = dict.fromkeys(finding for one in found for finding in one.errors)
    for finding in errors if form == "text" else ():
        note(finding_line(finding))
    return 2 if errors else 0
