"""The option --format, and the stream that a command's findings are printed to in each format.

In the format `text`, findings go to standard error, and the command prints what it did to standard
output. In every other format, standard output contains only the findings, so that a program can
read them, and all other output goes to standard error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import excused_summary, finding_line, formats, report

if TYPE_CHECKING:
    from gitops_gen.model import Checked, Excused, Finding

Command: TypeAlias = Callable[..., int | None]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(formats()),
    default="text",
    show_default=True,
    help="Output format of the findings: github prints workflow annotations, html a page, junit "
    "a test report, markdown a comment, and sarif a file for code scanning.",
)


quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="Print only findings and errors, no summary."
)


class CommandOutput:
    """Prints the output of a command in one format.

    This class is not a dataclass, because importing `dataclasses` would slow down every start.
    """

    def __init__(self, form: str) -> None:
        self.form = form

    @property
    def is_text(self) -> bool:
        return self.form == "text"

    def line(self, text: str) -> None:
        """Prints a line about what the command did."""
        click.echo(text, err=not self.is_text)

    def findings(
        self, names: Sequence[str], found: Sequence[Finding], excused: Sequence[Excused]
    ) -> None:
        """Prints all findings of a run that was completed."""
        if not self.is_text:
            click.echo(report(self.form, _checked(names, found, excused)), nl=False)
            return
        for finding in found:
            note(finding_line(finding))
        if summary := excused_summary(excused):
            note(summary)


def refusals_in_format(command: Command) -> Command:
    """Wraps a command so that the findings which end it are printed in the requested format."""

    @wraps(command)
    def wrapped(*args: Any, form: str, **options: Any) -> int | None:
        from gitops_gen.errors import InvalidInput

        try:
            return command(*args, form=form, **options)
        except InvalidInput as error:
            if form == "text" or not error.findings:
                raise
            text = report(form, _checked(_environments(options), error.findings, ()))
            click.echo(text, nl=False)
            return error.exit_code

    return wrapped


def environments_of_arguments(arguments: Sequence[str]) -> tuple[str, ...]:
    """Returns the environments that arguments name, also by files; empty for all environments."""
    if not any("/" in argument for argument in arguments):
        return tuple(arguments)
    from gitops_gen.inputs.touched_files import named_environments
    from gitops_gen.revisions import WorkTree

    root = repository_root()
    paths = (_from_root(root, one) if "/" in one else one for one in arguments)
    return named_environments(WorkTree(root), paths)


def _from_root(root: str, path: str) -> str:
    """Returns the path of a file, which is relative to the working directory, from the root.

    An absolute path is returned as it is, and is refused like a name.
    """
    return path if os.path.isabs(path) else os.path.relpath(os.path.abspath(path), root)


def _environments(options: dict[str, Any]) -> tuple[str, ...]:
    """Returns the environments that the arguments name, or all environments if they name none.

    An argument that is not a valid name is left out, because it may be a secret.
    """
    from gitops_gen.inputs.files import may_be_named
    from gitops_gen.secrets.places import looks_secret

    one = options.get("environment")
    given = (one,) if one else environments_of_arguments(options.get("environments", ()))
    names = given or _all_environments()
    return tuple(name for name in names if may_be_named(name) and not looks_secret(name))


def _all_environments() -> tuple[str, ...]:
    from gitops_gen.errors import InvalidInput
    from gitops_gen.inputs.files import environments
    from gitops_gen.revisions import WorkTree

    # Outside of a repository, or if a file cannot be read, no environment can be listed.
    with suppress(InvalidInput):
        return environments(WorkTree(repository_root()))
    return ()


def _checked(names: Sequence[str], found: Sequence[Finding], excused: Sequence[Excused]) -> Checked:
    from gitops_gen.model import Checked

    return Checked(tuple(names), tuple(found), tuple(excused))
