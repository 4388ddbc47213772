"""`gitops-gen terraform-vars`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.reserved_folders import inside_reserved_folder

if TYPE_CHECKING:
    from gitops_gen.inputs import Loaded
    from gitops_gen.model import Finding
    from gitops_gen.terraform.terraform_vars import TerraformVars


@click.command(name="terraform-vars")
@click.argument("environment", metavar="ENV")
@click.option("--out", "file", metavar="FILE", help="Write them to a file, whole or not at all.")
@format_option
@refusals_in_format
def command(environment: str, file: str | None, form: str) -> None:
    """Print all that terraform/bootstrap needs to know, as the JSON of a variables file.

    Names, namespaces, roles and references to secrets, never a password: those Terraform makes.
    What nobody can make up, a registry's credentials for instance, is listed on standard error.

    With --out an existing FILE is replaced only if it holds the variables of ENV. The command
    refuses to lower the revision of a password and to drop a reference to a secret. A FILE of
    version 0.1.0 is replaced only if the values have a section argocd.

    \b
    Examples:
      gitops-gen terraform-vars prod
      gitops-gen terraform-vars prod --out terraform/bootstrap/prod.tfvars.json
    """
    if file == "":
        raise click.BadParameter("is empty; name a file", param_hint="--out")
    if file == "-":
        text = "is no file; without --out the variables go to standard output"
        raise click.BadParameter(text, param_hint="--out")
    if file is None and form != "text":
        text = "prints the findings to standard output, where the variables go; name a file"
        raise click.UsageError(f"--format {form} {text} (--out)")
    loaded, found = _variables(environment)
    lost = None if file is None else _write(file, found)
    output = CommandOutput(form)
    output.findings((environment,), (*loaded.warnings, *(lost or ())), loaded.excused)
    for line in found.by_hand:
        note(f"to be made by hand: {line}")
    if file is None:
        click.echo(found.data, nl=False)
    else:
        output.line(f"{file}: {'no change' if lost is None else 'written'}")


def _variables(environment: str) -> tuple[Loaded, TerraformVars]:
    from gitops_gen.revisions import WorkTree
    from gitops_gen.terraform.terraform_vars import terraform_vars
    from gitops_gen.workspace import Workspace

    loaded, planned = Workspace(WorkTree(os.getcwd())).planned(environment)
    return loaded, terraform_vars(loaded.environment, [item.component for item in planned])


def _write(file: str, found: TerraformVars) -> list[Finding] | None:
    """What Terraform will delete by the new file; None where there was nothing to write."""
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
    _require_foreign(file)
    save(file, found.data)
    return lost


def _require_foreign(file: str) -> None:
    """A file in a folder that this program reads or writes as a whole would break the next run."""
    from gitops_gen.errors import InvalidInput
    from gitops_gen.model import Position
    from gitops_gen.tree import OUTPUT_FILE

    if inside := inside_reserved_folder(file):
        text = f"is in {inside.split(os.sep)[0]}/, which is for other files; choose another place"
        raise InvalidInput.at(Position(file), text, OUTPUT_FILE)


def _previous(file: str) -> bytes:
    """What the file holds; nothing where it does not exist or is no file, of which `save` tells."""
    from gitops_gen.revisions.work_tree import read_file

    return read_file(file, file) if os.path.isfile(file) else b""
