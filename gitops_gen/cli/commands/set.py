"""`gitops-gen set`."""

from __future__ import annotations

import re
from itertools import takewhile

import click

from gitops_gen.cli.changed_values import change_files, dry_run_option, print_changes
from gitops_gen.cli.completion import complete_assignments
from gitops_gen.cli.findings import format_option, refusals_in_format
from gitops_gen.cli.repository import repository_root

_NAME = re.compile(r"(group:)?[a-z0-9-]+")


@click.command(name="set")
@click.argument(
    "words",
    metavar="ENV... PATH=VALUE...",
    nargs=-1,
    required=True,
    shell_complete=complete_assignments,
)
@dry_run_option
@format_option
def command(words: tuple[str, ...], dry_run: bool, form: str) -> int | None:
    """Change values in values/ENV.yaml. Comments and the order of keys are kept.

    With several ENV, the values are set in the file of each. ENV `base` is values/base.yaml, which
    all environments share, and `group:NAME` is values/groups/NAME.yaml. All environments that read
    a changed file are validated: if one would be invalid, nothing is written. The dangers of all
    changes since the last commit are printed: they are computed by rendering in memory.

    \b
    PATH is a list of keys separated by dots. Quote a key that contains a dot
    ("in.quotes"), and write [0] for the first item of a list.
    VALUE is YAML: {...} is a map, [...] a list, "..." a string, and null removes
    the key and its default. To get the default back, delete the line with null
    by hand. For a key whose type is string, 1.10 stays the string "1.10".

    \b
    Examples:
      gitops-gen set prod tiers.backend.image.tag=2.0.2
      gitops-gen set dev staging postgres.enabled=false tiers.web.replicas=1
      gitops-gen set base tiers.backend.metrics.path=/metrics --dry-run
      gitops-gen set group:production tiers.backend.replicas=3
      gitops-gen set dev tiers.web.env='{LOG_LEVEL: debug}' tiers.report=null
    """
    names, assignments = _split(words)
    if not assignments:
        raise click.UsageError("Missing argument 'PATH=VALUE...'.")
    return _set(environments=names, assignments=assignments, dry_run=dry_run, form=form)


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the names and the assignments. The first word is a name, whatever it contains.

    Without an assignment, only the first word is a name, so that the message is about the rest.
    """
    first, following = words[0], words[1:]
    names = list(takewhile(_NAME.fullmatch, following))
    if len(names) == len(following):
        names = []
    unique = tuple(dict.fromkeys([first, *names]))
    return unique, following[len(names) :]


@refusals_in_format
def _set(
    environments: tuple[str, ...], assignments: tuple[str, ...], dry_run: bool, form: str
) -> None:
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.changed_values import assign, require_values_files

    root = repository_root()
    workspace = Workspace(WorkTree(root))
    require_values_files(workspace, environments)
    results = change_files(
        root, lambda: assign(workspace, environments, assignments), dry_run=dry_run
    )
    print_changes(root, environments, results, form, dry_run=dry_run)
