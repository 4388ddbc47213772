"""`gitops-gen rehearse`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.findings import format_option, refusals_in_format
from gitops_gen.cli.messages import note, progress

if TYPE_CHECKING:
    from gitops_gen.rehearse import RehearsalRequest


@click.command(name="rehearse")
@click.argument("environment", metavar="ENV")
@click.option("--base", metavar="REV", help="Sync this revision first, then push the new one.")
@click.option("--to", metavar="REV", help="What to rehearse (default: the work tree).")
@click.option("--revert", is_flag=True, help="With --base: back to it at the end.")
@click.option("--dry-run", is_flag=True, help="Only the API server's verdict on every object.")
@click.option("--kubeconfig", metavar="FILE", help="A dry run against this cluster, read only.")
@click.option("--context", metavar="NAME", help="The context of --kubeconfig.")
@click.option("--keep", is_flag=True, help="Keep logs and live objects in a folder.")
@click.option(
    "--wave-delay",
    metavar="SECONDS",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Argo CD's pause between waves; 0 is faster.",
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
    """Rehearse an environment on a real API server and a real Argo CD, started for the purpose.

    Nothing leaves this machine and nothing stays on it. Exit 1 when something is refused,
    never comes to rest, drifts, or comes in the wrong order.

    \b
    Examples:
      gitops-gen rehearse dev
      gitops-gen rehearse prod --base main        what a merge does to the cluster
      gitops-gen rehearse prod --base main --revert
      gitops-gen rehearse prod --dry-run          a few seconds: the API server alone
      gitops-gen rehearse prod --format github    annotations in a pull request
    """
    from gitops_gen.rehearse import RehearsalRequest, rehearse_environment
    from gitops_gen.report.rehearsal import report

    request = RehearsalRequest(
        Path.cwd(), environment, to, base, revert, dry_run, kubeconfig, context, keep, wave_delay
    )
    if problem := next(_problems(request), None):
        raise click.UsageError(problem)
    result = rehearse_environment(request, note, progress)
    progress("")
    click.echo(report(form, result), nl=False)
    return 0 if result.good else 1


def _problems(request: RehearsalRequest) -> Iterator[str]:
    """Options that would have no effect: whoever gives one expects it to have."""
    texts = {
        "ENV": request.environment,
        "--base": request.base,
        "--to": request.to,
        "--kubeconfig": request.kubeconfig,
        "--context": request.context,
    }
    yield from (f"{name} is empty; give it a value" for name, text in texts.items() if text == "")
    if request.revert and request.base is None:
        yield "--revert goes back to --base; name one"
    if request.context and not request.kubeconfig:
        yield "--context is one of --kubeconfig; name a file"
    if request.base and (request.dry_run or request.kubeconfig):
        option = "--dry-run" if request.dry_run else "--kubeconfig"
        yield f"--base is synced first, and {option} syncs nothing; leave one of them out"
    if request.keep and request.kubeconfig:
        yield "--keep keeps logs of programs, and --kubeconfig starts none; leave one of them out"
