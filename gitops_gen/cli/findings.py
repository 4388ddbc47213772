"""The option --format, and where a command's findings go in each format.

In `text` the findings are notes on standard error and what the command did is printed. In every
other format standard output holds the findings alone, for a program to read, and the rest goes to
standard error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from gitops_gen.cli.messages import note
from gitops_gen.report import excused_summary, formats, report

if TYPE_CHECKING:
    from gitops_gen.model import Checked, Excused, Finding

Command: TypeAlias = Callable[..., int | None]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(formats()),
    default="text",
    show_default=True,
    help="How to print what is found; github is annotations of a workflow, html is a page.",
)


class CommandOutput:
    """What a command reports, in one format. It is no dataclass, to save start-up time."""

    def __init__(self, form: str) -> None:
        self.form = form

    @property
    def is_text(self) -> bool:
        return self.form == "text"

    def line(self, text: str) -> None:
        """A line about what the command did."""
        click.echo(text, err=not self.is_text)

    def findings(
        self, names: Sequence[str], found: Sequence[Finding], excused: Sequence[Excused]
    ) -> None:
        """All findings of a run that came to its end."""
        if not self.is_text:
            click.echo(report(self.form, _checked(names, found, excused)), nl=False)
            return
        for finding in found:
            note(str(finding))
        if summary := excused_summary(excused):
            note(summary)


def refusals_in_format(command: Command) -> Command:
    """Findings that end the command are printed in its format."""

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


def _environments(options: dict[str, Any]) -> tuple[str, ...]:
    """The environments that the arguments name; all of them where a command takes none as all.

    An argument that can be no name may be a secret and is left out.
    """
    from gitops_gen.inputs.files import may_be_named
    from gitops_gen.secrets.places import looks_secret

    one = options.get("environment")
    names = (one,) if one else tuple(options.get("environments", ())) or _all_environments()
    return tuple(name for name in names if may_be_named(name) and not looks_secret(name))


def _all_environments() -> tuple[str, ...]:
    from gitops_gen.errors import InvalidInput
    from gitops_gen.inputs.files import environments
    from gitops_gen.revisions import WorkTree

    # Outside of a repository, or beside a file that cannot be read, there is none to name.
    with suppress(InvalidInput):
        return environments(WorkTree(os.getcwd()))
    return ()


def _checked(names: Sequence[str], found: Sequence[Finding], excused: Sequence[Excused]) -> Checked:
    from gitops_gen.model import Checked

    return Checked(tuple(names), tuple(found), tuple(excused))
