"""`gitops-gen check`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gitops_gen.checks import CheckRequest, CheckResult, check_repository
from gitops_gen.cli import colour
from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import (
    environments_of_arguments,
    format_option,
    quiet_option,
    refusals_in_format,
)
from gitops_gen.cli.messages import ignored, note, progress
from gitops_gen.cli.repository import repository_root
from gitops_gen.errors import ToolFailed
from gitops_gen.render import Listener
from gitops_gen.report import finding_line, report

if TYPE_CHECKING:
    from gitops_gen.checks.selection import RuleSelection


@click.command(name="check")
@click.argument(
    "environments", metavar="[ENV | FILE]...", nargs=-1, shell_complete=complete_environments
)
@click.option(
    "--allow-unchecked",
    is_flag=True,
    help="Do not fail if apicheck cannot run. The objects are then reported as not checked.",
)
@click.option(
    "--select",
    metavar="RULE|GROUP",
    multiple=True,
    help="Apply only these rules or groups of rules, separated by commas: api, argocd, references, "
    "security, values and the other groups in docs/check.md.",
)
@click.option(
    "--ignore",
    metavar="RULE|GROUP",
    multiple=True,
    help="Do not apply these rules or groups of rules. Values are always validated, and their "
    "errors are always reported.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    show_default=True,
    help="Exit with 1 if there is a finding of at least this severity.",
)
@quiet_option
@format_option
@refusals_in_format
def command(
    environments: tuple[str, ...],
    allow_unchecked: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    quiet: bool,
    form: str,
) -> int:
    """Validate the values of all or of the given environments, and the objects they render to.

    A FILE is a path such as values/prod.yaml. It stands for its environment, the file of a group
    for the members of the group, and any other file, such as values/base.yaml, for all of them.

    The objects are validated by the rules of the API server of the cluster's Kubernetes version.
    Up-to-date generated files are read; otherwise the values are rendered in memory. The command
    writes no generated file. It exits with 2 if values are not valid, with 1 if a rendered object
    has an error (see --fail-on), and with 3 if apicheck cannot run.

    \b
    Examples:
      gitops-gen check                   every environment
      gitops-gen check prod
      gitops-gen check values/prod.yaml  the environment of a file, for pre-commit
      gitops-gen check --format github   annotations in a pull request
      gitops-gen check --select security,api-refused
      gitops-gen check --fail-on warning
    """
    selection = _selection(select, ignore)
    names = environments_of_arguments(environments)
    request = CheckRequest(repository_root(), names, os.cpu_count() or 1, selection)
    result = check_repository(request, Listener(note, ignored if quiet else progress))
    progress("")
    _print(result, form, quiet)
    if result.failure and not allow_unchecked:
        raise ToolFailed(_advice(result.failure))
    return _exit_code(result, fail_on)


def _print(result: CheckResult, form: str, quiet: bool) -> None:
    if quiet and form == "text":
        for finding in result.checked.findings:
            click.echo(colour.finding(finding_line(finding)))
    else:
        click.echo(report(form, result.checked, colour=colour.on_standard_output()), nl=False)


def _selection(select: Sequence[str], ignore: Sequence[str]) -> RuleSelection | None:
    """Returns the selection, or None if neither option is used."""
    if not (select or ignore):
        return None
    from gitops_gen.checks.selection import RuleSelection

    found = RuleSelection.of(_names("--select", select), _names("--ignore", ignore))
    if found.applies_nothing:
        raise click.UsageError("--select and --ignore leave out every rule")
    return found


def _names(option: str, texts: Sequence[str]) -> list[str]:
    """Returns the rules and groups in comma-separated lists. Raises BadParameter for others."""
    from gitops_gen.checks.selection import UnknownName, require_known
    from gitops_gen.inputs.excuses import shown_rule

    names = [name.strip() for text in texts for name in text.split(",")]
    try:
        require_known(names)
    except UnknownName as error:
        hint = error.hint or "; docs/rules.md lists all rules, and docs/check.md the groups"
        text = f"{shown_rule(error.name)} is neither a rule of this command nor a group{hint}"
        raise click.BadParameter(text, param_hint=option) from None
    return names


def _exit_code(result: CheckResult, fail_on: str) -> int:
    if result.invalid:
        return 2
    from gitops_gen.model import Severity

    limit = Severity(fail_on)
    return 1 if any(one.severity.is_at_least(limit) for one in result.checked.findings) else 0


def _advice(failure: str) -> str:
    """Returns the message about the failure, with both ways to continue."""
    from gitops_gen.apicheck import ADVICE

    install = "" if ADVICE in failure else f"; {ADVICE}"
    unchecked = "with --allow-unchecked, the objects are only reported as not checked"
    return f"{failure}{install}; {unchecked}"
