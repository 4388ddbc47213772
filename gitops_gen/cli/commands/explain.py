"""`gitops-gen explain`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from gitops_gen.report import formats


@click.command(name="explain")
@click.argument("rule", metavar="RULE")
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("rules")),
    default="text",
    show_default=True,
    help="How to print the explanation.",
)
def command(rule: str, form: str) -> None:
    """Explain a rule: what it requires, why, what to do, and whether it may be excused.

    A finding names its rule in the formats json and github. docs/rules.md lists all rules.

    \b
    Examples:
      gitops-gen explain plaintext-secret
      gitops-gen explain plaintext-secret --format json
    """
    from gitops_gen.report.rules import explanation
    from gitops_gen.rule_registry import rules

    all_rules = rules()
    if rule not in all_rules:
        raise click.BadParameter(_unknown(rule, all_rules), param_hint="RULE")
    click.echo(explanation(form, all_rules[rule]), nl=False)


def _unknown(name: str, ids: Iterable[str]) -> str:
    from gitops_gen.inputs.wording import did_you_mean, show
    from gitops_gen.secrets.places import looks_secret

    shown = "that" if looks_secret(name) else show(name)
    hint = did_you_mean(name, ids) or "; docs/rules.md lists them all"
    return f"{shown} is no rule{hint}"
