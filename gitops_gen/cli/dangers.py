"""Dangers, printed by the commands that change values or generated files."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_gen.cli.messages import note, progress
from gitops_gen.inputs.files import BASE_NAME

_MOST = 10
"""How many environments are rendered in memory. More would take longer than the command itself."""


def print_dangers(root: str, changed: Sequence[str]) -> None:
    """Prints what the uncommitted changes of environments endanger, on standard error.

    `base` stands for all environments.
    """
    environments = _all_environments(root) if BASE_NAME in changed else changed
    if not environments:
        return
    if len(environments) > _MOST:
        note(f"{len(environments)} environments changed; `gitops-gen diff` prints the dangers")
        return
    from gitops_gen.changes.dangers import uncommitted_dangers
    from gitops_gen.report.changes.danger_lines import danger_lines

    for line in danger_lines(uncommitted_dangers(root, environments, note, progress)):
        note(line)


def _all_environments(root: str) -> Sequence[str]:
    from gitops_gen.inputs.files import environments
    from gitops_gen.revisions import WorkTree

    return environments(WorkTree(root))
