"""`gitops-gen diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitops_gen.cli import colour
from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import refusals_in_format
from gitops_gen.cli.messages import note, progress
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import formats

if TYPE_CHECKING:
    from gitops_gen.changes import Comparison, DiffRequest


@click.command(name="diff")
@click.argument("environments", metavar="[ENV]...", nargs=-1, shell_complete=complete_environments)
@click.option(
    "--base",
    metavar="REV",
    help="Compare with the last common commit with this revision (default: the default branch).",
)
@click.option(
    "--from", "from_environment", metavar="ENV", help="Compare this environment with that of --to."
)
@click.option("--to", "to_environment", metavar="ENV", help="The other environment to compare.")
@click.option(
    "--fail-on",
    metavar="CLASS",
    help="Exit with 1 if a change is in this class or in a more dangerous one.",
)
@click.option(
    "--allow-unchecked",
    is_flag=True,
    help="Do not exit with 3 if a part of the comparison could not be made.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("changes")),
    default="text",
    show_default=True,
    help="Output format of the comparison: markdown prints the comment of a pull request, with the "
    "findings of `check` and of `render --check`.",
)
@refusals_in_format
def command(
    environments: tuple[str, ...],
    base: str | None,
    from_environment: str | None,
    to_environment: str | None,
    fail_on: str | None,
    allow_unchecked: bool,
    form: str,
) -> int | None:
    """Show what the changes of this work tree do in each cluster, and how dangerous they are.

    The generated files of the work tree are compared with those of a commit, object by object and
    field by field. Nothing is checked out or written. docs/diff.md describes the classes.

    With --from and --to, two environments of the work tree are compared. Each difference is
    listed below the value that declares it; differences that no value declares are accidental.

    \b
    Examples:
      gitops-gen diff                            since the default branch
      gitops-gen diff prod --base HEAD           what is not committed yet
      gitops-gen diff --base origin/main --fail-on downtime
      gitops-gen diff --format markdown          the comment of a pull request
      gitops-gen diff --from dev --to prod       two environments, not two revisions
    """
    if from_environment is not None or to_environment is not None:
        if environments or base is not None or fail_on is not None:
            text = "--from and --to compare two environments of the work tree: they cannot be used"
            raise click.UsageError(f"{text} with ENV, --base or --fail-on")
        pair = _both(from_environment, to_environment)
        return _between_environments(*pair, form=form, allow_unchecked=allow_unchecked) or 0
    from gitops_gen.changes import DiffRequest

    if base == "":
        raise click.BadParameter("is empty; name a revision", param_hint="--base")
    threshold = _rank(fail_on) if fail_on is not None else None
    request = DiffRequest(repository_root(), environments, base)
    return _since_base(request, form, threshold, allow_unchecked)


def _since_base(
    request: DiffRequest, form: str, threshold: int | None, allow_unchecked: bool
) -> int:
    from gitops_gen.report.changes import report, shows_verdict

    if shows_verdict(form):
        return _verdict(request, form, threshold, allow_unchecked)
    from gitops_gen.changes import compare

    comparison = compare(request, note, progress)
    click.echo(report(form, comparison, colour=colour.on_standard_output()), nl=False)
    return _exit_code(comparison, threshold, allow_unchecked)


def _verdict(request: DiffRequest, form: str, threshold: int | None, allow_unchecked: bool) -> int:
    """Prints the changes together with the findings of `check` and of `render --check`."""
    from gitops_gen.changes.verdict import verdict
    from gitops_gen.report.changes import verdict_report

    found = verdict(request, note, progress)
    click.echo(verdict_report(form, found), nl=False)
    if found.check.invalid:
        return 2
    code = _exit_code(found.comparison, threshold, allow_unchecked)
    return code or (_incomplete(allow_unchecked) if found.is_incomplete else 0)


def _both(first: str | None, second: str | None) -> tuple[str, str]:
    if not (first and second):
        raise click.UsageError("--from and --to each name an environment, and need each other")
    if first == second:
        raise click.BadParameter("is the environment of --from too", param_hint="--to")
    return first, second


@refusals_in_format
def _between_environments(first: str, second: str, form: str, allow_unchecked: bool) -> int:
    from gitops_gen.changes.between_environments import compare_environments
    from gitops_gen.report.between_environments import report

    compared = compare_environments(repository_root(), first, second, note, progress)
    click.echo(report(form, compared), nl=False)
    return _incomplete(allow_unchecked) if compared.is_incomplete else 0


def _incomplete(allow_unchecked: bool) -> int:
    if allow_unchecked:
        return 0
    note("the comparison is not complete; with --allow-unchecked, this is only reported")
    return 3


def _rank(name: str) -> int:
    from gitops_gen.changes.classes import change_classes

    ranks = {one.id: one.rank for one in change_classes()}
    if name not in ranks:
        text = f"is not a class; the classes are {', '.join(ranks)}"
        raise click.BadParameter(text, param_hint="--fail-on")
    return ranks[name]


def _exit_code(comparison: Comparison, threshold: int | None, allow_unchecked: bool) -> int:
    worst = comparison.worst()
    if threshold is not None and worst is not None and worst <= threshold:
        return 1
    return _incomplete(allow_unchecked) if comparison.is_incomplete else 0
