"""`gitops-gen teardown`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format


@click.command(name="teardown")
@click.argument("environment", metavar="ENV")
@click.option("--script", "file", metavar="FILE", help="Write the commands as a bash script too.")
@format_option
@refusals_in_format
def command(environment: str, file: str | None, form: str) -> None:
    """Print the steps that destroy a cluster: what is lost, what stays, the commands. Run nothing.

    The script asks for the cluster's name before each step that destroys something.

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
    loaded, planned = Workspace(WorkTree(os.getcwd())).planned(environment)
    facts = ClusterFacts(loaded.environment, planned)
    if file is not None:
        _write(file, script(facts))
    output = CommandOutput(form)
    output.findings((environment,), loaded.warnings, loaded.excused)
    output.line(text(facts).removesuffix("\n"))


def _write(file: str, content: str) -> None:
    """Never over a file that is there: it may be of another cluster, and half run."""
    from gitops_gen.errors import InvalidInput
    from gitops_gen.model import Position
    from gitops_gen.tree import OUTPUT_FILE

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
    except FileExistsError:
        text = "is there already; remove it, or choose another name"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE) from None
    except (FileNotFoundError, NotADirectoryError):
        text = "there is no folder for it; make one, or choose another place"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE) from None
    with os.fdopen(descriptor, "w") as script:
        script.write(content)
