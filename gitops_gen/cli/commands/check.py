"""`gitops-gen check`."""

from __future__ import annotations

import os

import click

from gitops_gen.checks import CheckRequest, CheckResult, check_repository
from gitops_gen.cli import colour
from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import format_option, quiet_option, refusals_in_format
from gitops_gen.cli.messages import ignored, note, progress
from gitops_gen.cli.repository import repository_root
from gitops_gen.errors import ToolFailed
from gitops_gen.render import Listener
from gitops_gen.report import finding_line, report


@click.command(name="check")
@click.argument("environments", metavar="[ENV]...", nargs=-1, shell_complete=complete_environments)
@click.option(
    "--allow-unchecked",
    is_flag=True,
    help="Do not fail if apicheck cannot run. The objects are then reported as not checked.",
)
@quiet_option
@format_option
@refusals_in_format
def command(environments: tuple[str, ...], allow_unchecked: bool, quiet: bool, form: str) -> int:
    """Validate the values of all or of the given environments, and the objects they render to.

    The objects are validated by the rules of the API server of the cluster's Kubernetes version.
    Up-to-date generated files are read; otherwise the values are rendered in memory. The command
    writes no generated file. It exits with 2 if values are not valid, with 1 if a rendered object
    has an error, and with 3 if apicheck cannot run.

    \b
    Examples:
      gitops-gen check                   every environment
      gitops-gen check prod
      gitops-gen check --format github   annotations in a pull request
    """
    request = CheckRequest(repository_root(), environments, os.cpu_count() or 1)
    result = check_repository(request, Listener(note, ignored if quiet else progress))
    progress("")
    _print(result, form, quiet)
    if result.failure and not allow_unchecked:
        raise ToolFailed(_advice(result.failure))
    return _exit_code(result)


def _print(result: CheckResult, form: str, quiet: bool) -> None:
    if form != "text":
        click.echo(report(form, result.checked), nl=False)
        return
    lines = [finding_line(finding) for finding in result.checked.findings]
    text = "".join(f"{line}\n" for line in lines) if quiet else report(form, result.checked)
    click.echo(colour.findings(text), nl=False)


def _exit_code(result: CheckResult) -> int:
    if result.invalid:
        return 2
    return 1 if result.checked.errors else 0


def _advice(failure: str) -> str:
    """Returns the message about the failure, with both ways to continue."""
    from gitops_gen.apicheck import ADVICE

    install = "" if ADVICE in failure else f"; {ADVICE}"
    unchecked = "with --allow-unchecked, the objects are only reported as not checked"
    return f"{failure}{install}; {unchecked}"
