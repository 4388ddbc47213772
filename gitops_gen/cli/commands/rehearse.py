"""`gitops-gen rehearse`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import format_option, refusals_in_format
from gitops_gen.cli.messages import note, progress
from gitops_gen.cli.repository import repository_root

if TYPE_CHECKING:
    from gitops_gen.rehearse import RehearsalRequest


@click.command(name="rehearse")
@click.argument("environment", metavar="ENV", shell_complete=complete_environments)
@click.option("--base", metavar="REV", help="Sync this revision first, then push the new one.")
@click.option("--to", metavar="REV", help="The revision to rehearse (default: the work tree).")
@click.option(
    "--revert",
    is_flag=True,
    help="With --base: revert to it at the end, and check that every object is restored.",
)
@click.option("--dry-run", is_flag=True, help="Only run a server-side dry run of every object.")
@click.option(
    "--kubeconfig",
    metavar="FILE",
    help="Run the dry run against the cluster of this file; the cluster is not changed.",
)
@click.option("--context", metavar="NAME", help="The context of --kubeconfig to use.")
@click.option(
    "--keep",
    is_flag=True,
    help="Keep the logs and live objects in a directory, whose path is printed.",
)
@click.option(
    "--wave-delay",
    metavar="SECONDS",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Delay between sync waves (Argo CD's default is 2; 0 is faster).",
)
@format_option
@refusals_in_format
def command(
    environment: str,
    base: str | None,
    to: str | None,
    revert: bool,
    dry_run: bool,
    kubeconfig: str | None,
    context: str | None,
    keep: bool,
    wave_delay: int,
    form: str,
) -> int:
    """Sync an environment on a real API server and a real Argo CD that run only for this test.

    Everything runs on this machine, and all processes and temporary files are removed at the end.
    Exit with 1 if an object is refused, does not become Healthy, stays OutOfSync, or is synced in
    the wrong order.

    \b
    Examples:
      gitops-gen rehearse dev
      gitops-gen rehearse prod --base main        what a merge changes in the cluster
      gitops-gen rehearse prod --base main --revert
      gitops-gen rehearse prod --dry-run          only the API server, in a few seconds
      gitops-gen rehearse prod --format github    annotations in a pull request
    """
    from gitops_gen.rehearse import RehearsalRequest, rehearse_environment
    from gitops_gen.report.rehearsal import report

    root = Path(repository_root())
    request = RehearsalRequest(
        root, environment, to, base, revert, dry_run, kubeconfig, context, keep, wave_delay
    )
    if problem := next(_problems(request), None):
        raise click.UsageError(problem)
    result = rehearse_environment(request, note, progress)
    progress("")
    click.echo(report(form, result), nl=False)
    return 0 if result.good else 1


def _problems(request: RehearsalRequest) -> Iterator[str]:
    """Yields a message for each option that would have no effect."""
    texts = {
        "ENV": request.environment,
        "--base": request.base,
        "--to": request.to,
        "--kubeconfig": request.kubeconfig,
        "--context": request.context,
    }
    yield from (f"{name} is empty; set a value" for name, text in texts.items() if text == "")
    if request.revert and request.base is None:
        yield "--revert requires --base, the revision to revert to"
    if request.context and not request.kubeconfig:
        yield "--context requires --kubeconfig, the file that contains the context"
    if request.base and (request.dry_run or request.kubeconfig):
        option = "--dry-run" if request.dry_run else "--kubeconfig"
        yield f"--base syncs a revision first, but {option} syncs nothing; remove one of them"
    if request.keep and request.kubeconfig:
        yield "--keep keeps the logs of programs, but --kubeconfig starts none; remove one of them"
