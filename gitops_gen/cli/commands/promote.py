"""`gitops-gen promote`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from gitops_gen.cli.changed_values import change_files, dry_run_option, print_changes
from gitops_gen.cli.completion import complete_environments, complete_paths
from gitops_gen.cli.findings import format_option, refusals_in_format
from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root


@click.command(name="promote")
@click.option(
    "--from",
    "source",
    metavar="ENV",
    required=True,
    help="The environment that has the release.",
    shell_complete=complete_environments,
)
@click.option(
    "--to",
    "environment",
    metavar="ENV",
    required=True,
    help="The environment that gets the release.",
    shell_complete=complete_environments,
)
@click.option(
    "--only",
    metavar="PATH",
    multiple=True,
    help="Copy only this: a tier, or any other value of the source (may be repeated).",
    shell_complete=complete_paths,
)
@dry_run_option
@format_option
@refusals_in_format
def command(source: str, environment: str, only: tuple[str, ...], dry_run: bool, form: str) -> None:
    """Copy a release from one environment to another: the image tags and digests of its tiers.

    Only values/ENV.yaml of the target is changed; comments and the order of keys are kept. The
    command refuses to override a value that another layer of the target sets, such as
    values/base.yaml. If the result would be invalid, nothing is written.

    With --only, a PATH that contains images of tiers, such as tiers.backend, copies their tags and
    digests. Any other PATH, such as tiers.backend.env, copies the values at this path.

    \b
    Examples:
      gitops-gen promote --from dev --to prod --dry-run
      gitops-gen promote --from dev --to prod
      gitops-gen promote --from dev --to prod --only tiers.backend
    """
    from gitops_gen.inputs.promotion import Promotion
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.changed_values import change_values

    if source == environment:
        raise click.UsageError("--from and --to name the same environment")
    root, paths = repository_root(), tuple(_paths(only))
    workspace = Workspace(WorkTree(root))
    workspace.chosen([source, environment])
    promotion = Promotion(workspace.loader, source, environment, paths)
    results = change_files(
        root, lambda: change_values(workspace, {environment: promotion.values}), dry_run=dry_run
    )
    for line in promotion.notes():
        note(line)
    print_changes(root, (environment,), results, form, dry_run=dry_run)


def _paths(texts: tuple[str, ...]) -> Iterator[tuple[str | int, ...]]:
    from gitops_gen.model import FieldPath

    for text in texts:
        try:
            yield FieldPath.parse(text).parts
        except ValueError:
            # The text is not quoted, because it may be a value, and a value may be a secret.
            problem = "is not a path such as tiers.backend; quote a key that contains a dot"
            raise click.BadParameter(problem, param_hint="--only") from None
