"""`gitops-gen render`."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from gitops_gen.cli import colour
from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import (
    CommandOutput,
    format_option,
    quiet_option,
    refusals_in_format,
)
from gitops_gen.cli.messages import ignored, note, progress
from gitops_gen.cli.next_step import ChangeMade, after_change
from gitops_gen.cli.repository import repository_root
from gitops_gen.cli.reserved_folders import inside_reserved_folder
from gitops_gen.render import Listener, RenderOutcome, RenderRequest, Shard
from gitops_gen.report import report
from gitops_gen.workspace import render_repository

_MOST_DIGITS = 6


def _shard(context: click.Context, option: click.Parameter, text: str | None) -> Shard | None:
    """Converts `2/8` to a shard."""
    if text is None:
        return None
    number, slash, count = text.partition("/")
    if slash and _is_count(number) and _is_count(count) and int(number) <= int(count):
        return Shard(int(number), int(count))
    message = f"{text!r} is not a shard; write a number from 1 to the count, such as 2/8"
    raise click.BadParameter(message, context, option)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) > 0


@click.command(name="render")
@click.argument("environments", metavar="[ENV]...", nargs=-1, shell_complete=complete_environments)
@click.option(
    "--check",
    is_flag=True,
    help="Only compare, write nothing; exit with 1 if a generated file is out of date.",
)
@click.option("--out", metavar="DIR", help="Write to this directory instead of the repository.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="Maximum number of parallel Helm processes (default: the number of CPU cores).",
)
@click.option(
    "--shard",
    metavar="N/COUNT",
    callback=_shard,
    help="Only the environments of part N of COUNT, for machines that each render one part.",
)
@quiet_option
@format_option
@refusals_in_format
def command(
    environments: tuple[str, ...],
    check: bool,
    out: str | None,
    jobs: int,
    shard: Shard | None,
    quiet: bool,
    form: str,
) -> int:
    """Render the values of all or of the given environments to rendered/ and argocd/.

    \b
    Examples:
      gitops-gen render                 everything that is out of date
      gitops-gen render prod            one environment
      gitops-gen render --check         in a pull request: are all files up to date?
      gitops-gen render --out /tmp/new  to another directory, to inspect the result
      gitops-gen render --shard 2/8     the second of eight parts, in a matrix of a CI system
    """
    _require_elsewhere(out)
    request = RenderRequest(repository_root(), environments, check, out, jobs, shard)
    listener = Listener(note, ignored if quiet else progress)
    outcomes = render_repository(request, listener)
    progress("")
    if shard and not outcomes and not quiet:
        note(f"shard {shard} contains none of the environments")
    if form == "text":
        _print_text(outcomes, check, quiet)
    else:
        _print_findings(outcomes, check, form)
    if not (check or out):
        changed = [outcome.name for outcome in outcomes if outcome.stale]
        after_change(ChangeMade(request.root, changed, rendered=True))
    return 1 if check and any(outcome.stale for outcome in outcomes) else 0


def _require_elsewhere(out: str | None) -> None:
    if out == "":
        raise click.BadParameter("is empty; name a directory", param_hint="--out")
    if out and os.path.lexists(out) and not os.path.isdir(out):
        text = f"{out} is not a directory; choose another path"
        raise click.BadParameter(text, param_hint="--out")
    if inside := inside_reserved_folder(out or repository_root()):
        text = f"leads into {inside}, a reserved directory of the repository; choose another path"
        raise click.BadParameter(text, param_hint="--out")


def _print_text(outcomes: Sequence[RenderOutcome], check: bool, quiet: bool) -> None:
    """Prints findings and notes to standard error, and a summary to standard output."""
    from gitops_gen.report.render.text_format import environment_lines, up_to_date_line

    output = CommandOutput("text")
    for outcome in outcomes:
        output.findings((), outcome.warnings, () if quiet else outcome.excused)
        _print_notes(outcome)
        if outcome.stale and not quiet:
            for line in environment_lines(outcome, check=check):
                output.line(colour.state(line))
    current = [outcome.name for outcome in outcomes if not outcome.stale]
    if current and not quiet:
        output.line(up_to_date_line(current))


def _print_findings(outcomes: Sequence[RenderOutcome], check: bool, form: str) -> None:
    """Prints all findings. Each stale file is one, because `render --check` then exits with 1."""
    from gitops_gen.model import Checked
    from gitops_gen.render.write.stale_files import stale_files

    found = [finding for outcome in outcomes for finding in outcome.warnings]
    found += stale_files(outcomes) if check else ()
    excused = [excused for outcome in outcomes for excused in outcome.excused]
    names = tuple(outcome.name for outcome in outcomes)
    checked = Checked(names, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(excused)))
    if form == "json":
        from gitops_gen.report.render.json_format import json_report

        click.echo(json_report(checked, outcomes), nl=False)
        return
    click.echo(report(form, checked), nl=False)
    for outcome in outcomes:
        _print_notes(outcome)


def _print_notes(outcome: RenderOutcome) -> None:
    for path in outcome.changes.foreign if outcome.changes else ():
        note(f"{path}: is not a generated file, but Argo CD would sync it; move or delete it")
    for text in outcome.removed_data:
        note(text)
