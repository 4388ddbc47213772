"""`gitops-gen schema`."""

from __future__ import annotations

import json

import click


@click.command(name="schema")
@click.option(
    "--layer",
    is_flag=True,
    help="Print the schema of a single values file, in which no key is required (for editors).",
)
def command(layer: bool) -> None:
    """Print the JSON Schema of the values, with a description of every key.

    The `# yaml-language-server` comments in the values files refer to values/schema.json.

    \b
    Examples:
      gitops-gen schema                                for complete, merged values
      gitops-gen schema --layer > values/schema.json   for editors
    """
    from gitops_gen.components import catalogue
    from gitops_gen.inputs import printed_schema, schema_file

    sections = catalogue()
    complete = json.dumps(printed_schema(sections), indent=2) + "\n"
    click.echo(schema_file(sections) if layer else complete, nl=False)
