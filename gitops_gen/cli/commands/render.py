"""`gitops-gen render`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from gitops_gen.render import Listener, Outcome, Request, render_repository


@click.command(name="render")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@click.option("--check", is_flag=True, help="Only compare; exit 1 when anything is stale.")
@click.option("--out", metavar="DIR", help="Write to this folder instead of the repository.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="Helm processes at once (default: the cores).",
)
def command(environments: tuple[str, ...], check: bool, out: str | None, jobs: int) -> int:
    """Render values/ to rendered/ and argocd/: all environments, or those named.

    \b
    Examples:
      gitops-gen render                 everything that is stale
      gitops-gen render prod            one environment
      gitops-gen render --check         in a pull request: is it all rendered?
      gitops-gen render --out /tmp/new  elsewhere, to look at
    """
    request = Request(os.getcwd(), environments, check, out, jobs)
    outcomes = render_repository(request, Listener(_note, _progress))
    for outcome in outcomes:
        _report(outcome, check)
    return 1 if check and any(_stale(outcome) for outcome in outcomes) else 0


def _note(text: str) -> None:
    click.echo(text, err=True)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}\r", err=True, nl=False)


def _stale(outcome: Outcome) -> bool:
    return outcome.changes.pending or bool(outcome.changes.foreign)


def _report(outcome: Outcome, check: bool) -> None:
    _progress("")
    for finding in outcome.warnings:
        _note(str(finding))
    for path in outcome.changes.foreign:
        _note(f"{path}: no render wrote this file, and Argo CD would sync it; move or delete it")
    if check:
        for line in _files(outcome):
            click.echo(line)
    click.echo(summary(outcome, check))


def _files(outcome: Outcome) -> Iterable[str]:
    changes = outcome.changes
    kinds = (
        ("missing", changes.created),
        ("stale", changes.changed),
        ("obsolete", changes.removed),
    )
    return (f"{kind}: {path}" for kind, paths in kinds for path in paths)


def summary(outcome: Outcome, check: bool = False) -> str:
    """`dev: 43 objects, 3 changed: rendered/dev/…, …`."""
    changes = outcome.changes
    count = f"{outcome.objects} objects, " if outcome.objects is not None else ""
    if outcome.gone:
        count = "its values file is gone, "
    if not changes.pending:
        return f"{outcome.name}: {count}{'foreign files' if changes.foreign else 'up to date'}"
    if check:
        total = len(changes.created) + len(changes.changed) + len(changes.removed)
        return f"{outcome.name}: {count}{total} stale; run gitops-gen render {outcome.name}"
    kinds = (("new", changes.created), ("changed", changes.changed), ("removed", changes.removed))
    parts = [f"{len(paths)} {kind}" for kind, paths in kinds if paths]
    few = [*changes.created, *changes.changed, *changes.removed]
    names = f": {', '.join(few)}" if len(few) <= 3 else ""
    return f"{outcome.name}: {count}{', '.join(parts)}{names}"
