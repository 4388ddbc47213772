"""`gitops-gen affected`."""

from __future__ import annotations

import click

from gitops_gen.cli.findings import refusals_in_format
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import formats


@click.command(name="affected")
@click.option(
    "--base",
    metavar="REV",
    help="Compare with the last common commit with this revision (default: the default branch).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("affected")),
    default="text",
    show_default=True,
    help="Output format: json is for a matrix of a CI system.",
)
@refusals_in_format
def command(base: str | None, form: str) -> None:
    """Print the environments and components that the changes of this work tree touch.

    Nothing is rendered. The answer is pessimistic: it contains whatever a render would change, and
    possibly more. Values, groups, facts of clusters and charts touch the environments that read
    them. A generated file touches its environment. A file that may change the version of
    gitops-gen or of Helm touches all environments, and documentation touches none. If the base
    cannot be determined, all environments are printed, with the reason.

    \b
    Examples:
      gitops-gen affected                      since the default branch
      gitops-gen affected --base HEAD^         since the commit before
      gitops-gen affected --format json | jq --raw-output '.environments[].name'
    """
    from gitops_gen.affected import affected
    from gitops_gen.report.affected import report

    if base == "":
        raise click.BadParameter("is empty; name a revision", param_hint="--base")
    click.echo(report(form, affected(repository_root(), base)), nl=False)
