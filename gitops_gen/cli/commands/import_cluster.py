"""`gitops-gen import-cluster`."""

from __future__ import annotations

import re
import sys
from typing import Any, BinaryIO

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.next_step import ChangeMade, after_change
from gitops_gen.cli.repository import repository_root


class _File(click.File):
    """The name of a file.

    If a user passes the output of Terraform itself, no message quotes it: it may contain secrets.
    """

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        if isinstance(value, str) and _PRINTED.search(value):
            text = "the argument (not shown: it may be a secret) is not the name of a file"
            self.fail(f"{text}; pipe the output, or name a file that contains it", param, context)
        return super().convert(value, param, context)


_PRINTED = re.compile(r"^\s*[\[{\"]|[=\n\r]")


@click.command(name="import-cluster")
@click.argument("environment", metavar="ENV", shell_complete=complete_environments)
@click.argument("file", metavar="[FILE]", type=_File("rb"), default="-")
@format_option
@refusals_in_format
def command(environment: str, file: BinaryIO, form: str) -> None:
    """Import the cluster settings from Terraform's outputs into values/clusters/ENV.json.

    FILE (or standard input) contains the output of `terraform output -json gitops`, or of
    `terraform output -json`. The command fails if the settings belong to another account, region
    or cluster than the environment, or if they make the environment invalid.

    \b
    Examples:
      terraform -chdir=terraform/infra output -json gitops | gitops-gen import-cluster prod
      gitops-gen import-cluster prod outputs.json
    """
    from gitops_gen.inputs.wording import show_at
    from gitops_gen.model import dotted
    from gitops_gen.secrets.hidden import Hidden
    from gitops_gen.terraform.import_cluster import import_cluster
    from gitops_gen.tree import lock, put

    printed, source = _read(file)
    root = repository_root()
    with lock(root, waiting=note) as locked:
        imported = import_cluster(root, environment, printed, source)
        if imported.changes:
            put(locked, imported.file, imported.data)
    output = CommandOutput(form)
    output.findings((environment,), imported.warnings, imported.excused)
    for change in imported.changes:
        old = show_at(Hidden.of(imported.before), change.path, change.old)
        new = show_at(Hidden.of(imported.after), change.path, change.new)
        output.line(f"{imported.file}: {dotted(change.path)}: {old} -> {new}")
    if not imported.changes:
        output.line(f"{imported.file}: no change")
    after_change(ChangeMade(root, (environment,) if imported.changes else ()))


def _read(file: BinaryIO) -> tuple[bytes, str]:
    """Returns the content and the name of the file.

    Of a file that is too large, one byte more than the limit is read, so that it is detected.
    """
    from gitops_gen.terraform.facts import LARGEST

    if file is sys.stdin.buffer:
        if file.isatty():
            text = "pipe the output of `terraform output -json gitops` into it, or name a FILE"
            raise click.UsageError(text)
        return file.read(LARGEST + 1), "stdin"
    return file.read(LARGEST + 1), file.name
