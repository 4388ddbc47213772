"""`gitops-gen explain`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.completion import complete_values
from gitops_gen.cli.findings import refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import formats

if TYPE_CHECKING:
    from gitops_gen.provenance import NamedField, Provenance, UnknownObject
    from gitops_gen.workspace import Workspace


# Arguments are not quoted in messages: what is not a key may be a value, and a value a secret.
_NO_PATH = "is not a path such as tiers.backend.args[0]; quote a key that contains a dot"


@click.command(name="explain")
@click.argument(
    "words",
    metavar="RULE | CLASS | ENV KEY | ENV KIND/NAME[:FIELD]",
    nargs=-1,
    required=True,
    shell_complete=complete_values,
)
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("rules")),
    default="text",
    show_default=True,
    help="Output format of the explanation.",
)
def command(words: tuple[str, ...], form: str) -> int | None:
    """Explain a rule, a class of changes, a value, or a field of a rendered object.

    \b
    RULE                    what a rule requires, why, how to fix a finding, and
                            if it can be excused. A finding ends with the id of its
                            rule in brackets; docs/rules.md lists all rules.
    CLASS                   what a class of changes does to a running cluster, why,
                            and what to do. docs/diff.md lists all classes.
    ENV KEY                 where a value of an environment is written, what it
                            overrides, its default, and which fields of rendered
                            objects it changes.
    ENV KIND/NAME[:FIELD]   the lines of the values that a field, or a whole
                            object, depends on. If several namespaces have the
                            object, write KIND/NAMESPACE/NAME.

    KEY is written as for the command set. The values must be valid. To find what depends on what,
    values are changed in memory and rendered; no file of the repository is changed.

    \b
    Examples:
      gitops-gen explain plaintext-secret
      gitops-gen explain data-loss
      gitops-gen explain prod tiers.backend.replicas
      gitops-gen explain prod Deployment/backend:spec.template.spec.containers[0].image
      gitops-gen explain prod Service/app/postgres --format json
    """
    if len(words) == 1:
        click.echo(_of_id(words[0], form), nl=False)
        return 0
    if len(words) > 2:
        raise click.UsageError("expected RULE or CLASS, or ENV and one KEY or KIND/NAME[:FIELD]")
    return _of_environment(environment=words[0], subject=words[1], form=form)


def _of_id(name: str, form: str) -> str:
    """Returns the explanation of a rule or of a class of changes."""
    from gitops_gen.changes.classes import change_classes
    from gitops_gen.rule_registry import rules

    all_rules = rules()
    if name in all_rules:
        from gitops_gen.report.rules import explanation as rule_explanation

        return rule_explanation(form, all_rules[name])
    classes = {one.id: one for one in change_classes()}
    if name not in classes:
        hint = _did_you_mean(name, [*all_rules, *classes])
        hint = hint or "; docs/rules.md lists all rules, docs/diff.md all classes"
        text = f"{_shown(name)} is neither a rule nor a class of changes{hint}"
        raise click.BadParameter(text, param_hint="RULE or CLASS")
    from gitops_gen.report.classes import explanation as class_explanation

    return class_explanation(form, classes[name])


@refusals_in_format
def _of_environment(environment: str, subject: str, form: str) -> int:
    from gitops_gen.helm import executable
    from gitops_gen.provenance import Provenance, names_an_object
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.workspace import HelmRun

    workspace = Workspace(WorkTree(repository_root()))
    workspace.chosen([environment])
    loaded = workspace.load_to_render(environment)
    run = HelmRun(executable(note), os.cpu_count() or 1)
    provenance = Provenance.of(workspace, loaded, run)
    if names_an_object(subject, provenance.variants.schema["properties"]):
        text = _of_object(provenance, subject, form)
    else:
        text = _of_value(provenance, workspace, subject, form)
    click.echo(text, nl=False)
    return 0


def _of_object(provenance: Provenance, subject: str, form: str) -> str:
    from gitops_gen.provenance import UnknownObject, named
    from gitops_gen.report.provenance import field_report

    try:
        found = named(provenance.objects, subject)
    except UnknownObject as error:
        raise click.BadParameter(_unknown_object(subject, error), param_hint="OBJECT") from None
    except ValueError:
        raise click.BadParameter(_NO_PATH, param_hint="FIELD") from None
    origin = provenance.origin(found.object.id, found.field)
    if not found.is_set and not any(line.changes_the_field for line in origin.lines):
        raise click.BadParameter(_unknown_field(found), param_hint="FIELD")
    return field_report(form, provenance.environment.name, origin)


def _unknown_field(found: NamedField) -> str:
    from gitops_gen.provenance import fields_of

    hint = _did_you_mean(str(found.field), map(str, fields_of(found.object.value)))
    return f"{found.object} has no such field, and no value sets it{hint}"


def _of_value(provenance: Provenance, workspace: Workspace, subject: str, form: str) -> str:
    from gitops_gen.model import FieldPath, dotted
    from gitops_gen.provenance import UnknownKey, explained
    from gitops_gen.report.provenance import value_report

    name = provenance.environment.name
    try:
        path = FieldPath.parse(subject).parts
        layers = workspace.loader.layers(name)
        explanation = explained(provenance, layers, workspace.folders, path)
    except ValueError:
        raise click.BadParameter(_NO_PATH, param_hint="KEY") from None
    except UnknownKey as error:
        above = dotted(error.path[:-1]) or "the root of the values"
        hint = _did_you_mean(str(error.path[-1]), error.existing)
        raise click.BadParameter(f"{above} has no such key{hint}", param_hint="KEY") from None
    return value_report(form, explanation)


def _unknown_object(subject: str, error: UnknownObject) -> str:
    if error.is_ambiguous:
        return f"is the name of several objects; write one of {', '.join(error.names)}"
    hint = _did_you_mean(subject.partition(":")[0], error.names)
    return f"no such object is rendered for this environment{hint}"


def _shown(text: str) -> str:
    from gitops_gen.inputs.wording import show
    from gitops_gen.secrets.places import looks_secret

    return "the argument (not shown: it may be a secret)" if looks_secret(text) else show(text)


def _did_you_mean(name: str, names: Iterable[str]) -> str:
    from gitops_gen.inputs.wording import did_you_mean

    return did_you_mean(name, names)
