"""Dangers, printed by the commands that change values or generated files."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_gen.cli.messages import note, progress
from gitops_gen.inputs.files import is_shared_name

_MOST = 10
"""How many environments are rendered in memory. More would take longer than the command itself."""


def print_dangers(root: str, changed: Sequence[str]) -> None:
    """Prints what the uncommitted changes of environments endanger, on standard error.

    `base` and `group:NAME` stand for the environments that read their files.
    """
    environments = _readers(root, changed) if any(map(is_shared_name, changed)) else changed
    if not environments:
        return
    if len(environments) > _MOST:
        note(f"{len(environments)} environments changed; `gitops-gen diff` prints the dangers")
        return
    from gitops_gen.changes.dangers import uncommitted_dangers
    from gitops_gen.report.changes.danger_lines import danger_lines

    for line in danger_lines(uncommitted_dangers(root, environments, note, progress)):
        note(line)


def _readers(root: str, names: Sequence[str]) -> Sequence[str]:
    from gitops_gen.inputs.groups import Groups
    from gitops_gen.revisions import WorkTree

    groups = Groups(WorkTree(root))
    return sorted({reader for name in names for reader in groups.readers(name)})
