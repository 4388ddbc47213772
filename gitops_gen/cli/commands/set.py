"""`gitops-gen set`."""

from __future__ import annotations

import os

import click


@click.command(name="set")
@click.argument("environment", metavar="ENV")
@click.argument("assignments", metavar="PATH=VALUE...", nargs=-1, required=True)
def command(environment: str, assignments: tuple[str, ...]) -> None:
    """Change values in values/ENV.yaml: comments and order stay, the result must be valid.

    \b
    PATH is keys joined by dots; "in.quotes" where a key holds one; [0] for an item of a list.

    \b
    Examples:
      gitops-gen set prod tiers.backend.image.tag=2.0.2
      gitops-gen set dev postgres.enabled=false tiers.web.replicas=1
    """
    from gitops_gen.components import catalogue
    from gitops_gen.inputs import chosen
    from gitops_gen.inputs.assign import set_values
    from gitops_gen.inputs.wording import show
    from gitops_gen.model import dotted
    from gitops_gen.tree import lock, replace

    root = os.getcwd()
    chosen(root, [environment])
    with lock(root, waiting=lambda text: click.echo(text, err=True)) as locked:
        assigned = set_values(root, environment, assignments, catalogue())
        replace(locked, assigned.file, assigned.data)
    for warning in assigned.warnings:
        click.echo(str(warning), err=True)
    for change in assigned.changes:
        what = f"{show(change.old)} -> {show(change.new)}"
        click.echo(f"{change.after}: {dotted(change.path)}: {what}")
