"""`gitops-gen graph`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.messages import note, progress
from gitops_gen.cli.repository import repository_root


@click.command(name="graph")
@click.argument("environments", metavar="[ENV]...", nargs=-1, shell_complete=complete_environments)
def command(environments: tuple[str, ...]) -> None:
    """Print the traffic and the dependencies of environments as diagrams.

    The output is Markdown with Mermaid diagrams, which GitHub and GitLab show as pictures. The
    first diagram of an environment shows the connections that its values imply, with their ports
    and the NetworkPolicies that allow them. The second one shows which Applications require others,
    and in which sync wave Argo CD syncs each. The values must be valid; if the generated files are
    not up to date, the values are rendered in memory.

    \b
    Examples:
      gitops-gen graph prod
      gitops-gen graph > graphs.md   all environments
    """
    from gitops_gen.checks.environment_graphs import environment_graphs
    from gitops_gen.render import Listener
    from gitops_gen.report.graph import page

    jobs = os.cpu_count() or 1
    found = environment_graphs(repository_root(), environments, jobs, Listener(note, progress))
    click.echo(page(found), nl=False)
