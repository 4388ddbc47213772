"""`gitops-gen terraform-vars`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.completion import complete_environments
from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root
from gitops_gen.cli.reserved_folders import inside_reserved_folder

if TYPE_CHECKING:
    from gitops_gen.inputs import Loaded
    from gitops_gen.model import Finding
    from gitops_gen.terraform.terraform_vars import TerraformVars


@click.command(name="terraform-vars")
@click.argument("environment", metavar="ENV", shell_complete=complete_environments)
@click.option("--out", "file", metavar="FILE", help="Write the variables to FILE, atomically.")
@format_option
@refusals_in_format
def command(environment: str, file: str | None, form: str) -> None:
    """Print the input variables of terraform/bootstrap as a JSON variables file (.tfvars.json).

    The output contains names, namespaces, IAM roles and references to secrets. It never contains a
    password: Terraform generates the passwords. Secrets that cannot be generated, for example
    registry credentials, are listed on standard error; create them by hand.

    With --out, an existing FILE is replaced only if it contains the variables of the same
    environment. The command refuses to lower the revision of a password and to drop a reference
    to a secret. A FILE that gitops-gen 0.1.0 wrote is replaced only if the values have a section
    argocd.

    \b
    Examples:
      gitops-gen terraform-vars prod
      gitops-gen terraform-vars prod --out terraform/bootstrap/prod.tfvars.json
    """
    if file == "":
        raise click.BadParameter("is empty; name a file", param_hint="--out")
    if file == "-":
        text = "is not a file; without --out, the variables are printed to standard output"
        raise click.BadParameter(text, param_hint="--out")
    if file is None and form != "text":
        text = "prints findings to standard output, where the variables are printed without --out"
        raise click.UsageError(f"--format {form} {text}; name a file (--out)")
    loaded, found = _variables(environment)
    lost = None if file is None else _write(file, found)
    output = CommandOutput(form)
    output.findings((environment,), (*loaded.warnings, *(lost or ())), loaded.excused)
    for line in found.by_hand:
        note(f"create by hand: {line}")
    if file is None:
        click.echo(found.data, nl=False)
    else:
        output.line(f"{file}: {'no change' if lost is None else 'written'}")


def _variables(environment: str) -> tuple[Loaded, TerraformVars]:
    from gitops_gen.revisions import WorkTree
    from gitops_gen.terraform.terraform_vars import terraform_vars
    from gitops_gen.workspace import Workspace

    loaded, planned = Workspace(WorkTree(repository_root())).planned(environment)
    return loaded, terraform_vars(loaded.environment, [item.component for item in planned])


def _write(file: str, found: TerraformVars) -> list[Finding] | None:
    """Writes the variables, and returns warnings about what Terraform will delete because of them.

    Returns None if the file is already up to date.
    """
    from gitops_gen.errors import InvalidInput
    from gitops_gen.model import Severity
    from gitops_gen.terraform.previous_variables import losses
    from gitops_gen.tree import save

    previous = _previous(file)
    if previous == found.data:
        return None
    stated = found.argocd_in_values
    lost = list(losses(previous, file, found.variables, argocd_in_values=stated))
    if errors := [finding for finding in lost if finding.severity is Severity.ERROR]:
        raise InvalidInput(errors)
    _require_outside_reserved_folders(file)
    save(file, found.data)
    return lost


def _require_outside_reserved_folders(file: str) -> None:
    """Raises InvalidInput for a file that the next run of gitops-gen would read or delete."""
    from gitops_gen.errors import InvalidInput
    from gitops_gen.model import Position
    from gitops_gen.tree import OUTPUT_FILE

    if inside := inside_reserved_folder(file):
        folder = inside.split(os.sep)[0]
        text = f"is in {folder}/, a reserved directory of the repository; choose another path"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE)


def _previous(file: str) -> bytes:
    """Returns the content of the file.

    Returns nothing if it does not exist, or if it is not a file, which `save` reports.
    """
    from gitops_gen.revisions.work_tree import read_file

    return read_file(file, file) if os.path.isfile(file) else b""
