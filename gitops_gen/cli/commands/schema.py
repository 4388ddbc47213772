"""`gitops-gen schema`."""

from __future__ import annotations

import json

import click


@click.command(name="schema")
@click.option("--layer", is_flag=True, help="The editor's form: one layer, nothing required.")
def command(layer: bool) -> None:
    """Print the JSON Schema of the values: every key, what it means, what it may be.

    \b
    Examples:
      gitops-gen schema                                complete, merged values
      gitops-gen schema --layer > values/schema.json   what the modelines name
    """
    from gitops_gen.components import catalogue
    from gitops_gen.inputs import compose_all, schema_file

    sections = catalogue()
    complete = json.dumps(compose_all(sections), indent=2) + "\n"
    click.echo(schema_file(sections) if layer else complete, nl=False)
