"""`gitops-gen rehearse`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gitops_gen.report.rehearsal import formats


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
@click.option(
    "--format",
    "form",
    type=click.Choice(formats()),
    default="text",
    show_default=True,
    help="How to print the result.",
)
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
    """
    from gitops_gen.rehearse import Request, rehearse_environment
    from gitops_gen.report.rehearsal import report

    if revert and base is None:
        raise click.UsageError("--revert goes back to --base; name one")
    request = Request(
        Path.cwd(), environment, to, base, revert, dry_run, kubeconfig, context, keep, wave_delay
    )
    result = rehearse_environment(request, _note, _progress)
    _progress("")
    click.echo(report(form, result), nl=False)
    return 0 if result.good else 1


def _note(text: str) -> None:
    click.echo(text, err=True)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}\r", err=True, nl=False)
