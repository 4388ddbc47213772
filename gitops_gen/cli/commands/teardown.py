"""`gitops-gen teardown`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.repository import repository_root


@click.command(name="teardown")
@click.argument("environment", metavar="ENV", shell_complete=complete_environments)
@click.option("--script", "file", metavar="FILE", help="Also write the commands as a bash script.")
@format_option
@refusals_in_format
def command(environment: str, file: str | None, form: str) -> None:
    """Print the steps that destroy a cluster, with their commands. No command is run.

    The output also lists the data that is lost and the resources that remain. The script asks for
    the name of the cluster before each step that destroys something.

    \b
    Examples:
      gitops-gen teardown dev
      gitops-gen teardown dev --script down.sh
    """
    from gitops_gen.revisions import WorkTree
    from gitops_gen.teardown import ClusterFacts, script, text
    from gitops_gen.workspace import Workspace

    if file == "":
        raise click.BadParameter("is empty; name a file", param_hint="--script")
    loaded, planned = Workspace(WorkTree(repository_root())).planned(environment)
    facts = ClusterFacts(loaded.environment, planned)
    if file is not None:
        _write(file, script(facts))
    output = CommandOutput(form)
    output.findings((environment,), loaded.warnings, loaded.excused)
    output.line(text(facts).removesuffix("\n"))


def _write(file: str, content: str) -> None:
    """Writes a new file.

    An existing file is never overwritten: it may be for another cluster, and partly executed.
    """
    from gitops_gen.errors import InvalidInput
    from gitops_gen.model import Position
    from gitops_gen.tree import OUTPUT_FILE

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
    except FileExistsError:
        text = "already exists; remove it, or choose another name"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE) from None
    except (FileNotFoundError, NotADirectoryError):
        text = "the directory of this file does not exist; create it, or choose another path"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE) from None
    with os.fdopen(descriptor, "w") as script:
        script.write(content)
