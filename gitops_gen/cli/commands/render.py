"""`gitops-gen render`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note, progress
from gitops_gen.cli.repository import repository_root
from gitops_gen.cli.reserved_folders import inside_reserved_folder
from gitops_gen.render import Listener, RenderOutcome, RenderRequest
from gitops_gen.workspace import render_repository


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
@format_option
@refusals_in_format
def command(
    environments: tuple[str, ...], check: bool, out: str | None, jobs: int, form: str
) -> int:
    """Render the values of all or of the given environments to rendered/ and argocd/.

    \b
    Examples:
      gitops-gen render                 everything that is out of date
      gitops-gen render prod            one environment
      gitops-gen render --check         in a pull request: are all files up to date?
      gitops-gen render --out /tmp/new  to another directory, to inspect the result
    """
    _require_elsewhere(out)
    request = RenderRequest(repository_root(), environments, check, out, jobs)
    outcomes = render_repository(request, Listener(note, progress))
    progress("")
    output = CommandOutput(form)
    for outcome in outcomes if output.is_text else ():
        output.findings((), outcome.warnings, outcome.excused)
        _report(outcome, check, output)
    if not output.is_text:
        _report_findings(outcomes, check, output)
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


def _report_findings(outcomes: Sequence[RenderOutcome], check: bool, output: CommandOutput) -> None:
    """Prints all findings. Each stale file is one, because `render --check` then exits with 1."""
    from gitops_gen.render.write.stale_files import stale_files

    findings = [finding for outcome in outcomes for finding in outcome.warnings]
    findings += stale_files(outcomes) if check else ()
    excused = [excused for outcome in outcomes for excused in outcome.excused]
    names = [outcome.name for outcome in outcomes]
    output.findings(names, list(dict.fromkeys(findings)), list(dict.fromkeys(excused)))
    for outcome in outcomes:
        _report(outcome, check, output)


def _report(outcome: RenderOutcome, check: bool, output: CommandOutput) -> None:
    for path in outcome.changes.foreign if outcome.changes else ():
        note(f"{path}: is not a generated file, but Argo CD would sync it; move or delete it")
    for text in outcome.removed_data:
        note(text)
    for line in _files(outcome) if check else ():
        output.line(line)
    output.line(summary(outcome, check))


def _files(outcome: RenderOutcome) -> Iterable[str]:
    kinds = zip(("missing", "stale", "obsolete"), _paths(outcome), strict=True)
    return (f"{kind}: {path}" for kind, paths in kinds for path in paths)


def _paths(outcome: RenderOutcome) -> tuple[tuple[str, ...], ...]:
    """Returns the paths of the files that were created, changed and removed."""
    changes = outcome.changes
    return (changes.created, changes.changed, changes.removed) if changes else ((), (), ())


def summary(outcome: RenderOutcome, check: bool = False) -> str:
    """Returns a line such as `dev: 43 objects; 6 files: 5 changed, 1 removed`."""
    count = f"{outcome.objects} objects; " if outcome.objects is not None else ""
    return f"{outcome.name}: {count}{_difference(outcome, check)}"


def _difference(outcome: RenderOutcome, check: bool) -> str:
    """Returns how the files on the disk differed from the rendered files."""
    lead = "its values file was deleted, " if outcome.gone else ""
    kinds = list(zip(("new", "changed", "removed"), _paths(outcome), strict=True))
    files = [path for _, paths in kinds for path in paths]
    if not files:
        return "unexpected files" if outcome.stale else "up to date"
    if check:
        advice = f"run gitops-gen render {outcome.name} and add the files to the commit"
        return f"{lead}{_count(files, 'stale file')}; {advice}"
    parts = ", ".join(f"{len(paths)} {kind}" for kind, paths in kinds if paths)
    listed = f" ({', '.join(files)})" if len(files) <= 3 else ""
    return f"{lead}{_count(files, 'file')}: {parts}{listed}"


def _count(items: Sequence[str], noun: str) -> str:
    return f"1 {noun}" if len(items) == 1 else f"{len(items)} {noun}s"
