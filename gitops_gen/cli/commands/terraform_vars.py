"""`gitops-gen terraform-vars`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.saying import note


@click.command(name="terraform-vars")
@click.argument("environment", metavar="ENV")
def command(environment: str) -> None:
    """Print what terraform/bootstrap needs to know, as the JSON of a variables file.

    Names, namespaces and roles, never a password: those Terraform makes. What nobody can make
    up, a registry's credentials for instance, is listed on standard error.

    \b
    Examples:
      gitops-gen terraform-vars prod > terraform/bootstrap/prod.tfvars.json
    """
    import json

    from gitops_gen.components import catalogue
    from gitops_gen.handover.terraform_vars import terraform_vars
    from gitops_gen.inputs import Loader, chosen
    from gitops_gen.render.plan import plan

    root, folders = os.getcwd(), catalogue()
    chosen(root, [environment])
    loaded = Loader(root, folders).load(environment)
    planned = plan(loaded.environment, folders)
    found = terraform_vars(loaded.environment, [item.component for item in planned])
    for warning in loaded.warnings:
        note(str(warning))
    for line in found.by_hand:
        note(f"to be made by hand: {line}")
    click.echo(json.dumps(found.variables, indent=2))
