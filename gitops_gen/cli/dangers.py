"""Dangers, printed by the commands that change values or generated files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from gitops_gen.cli.messages import note, progress


def print_dangers(environments: Sequence[str]) -> None:
    """Prints what the uncommitted changes of these environments endanger, on standard error."""
    if not environments:
        return
    from gitops_gen.changes.dangers import uncommitted_dangers
    from gitops_gen.report.changes.danger_lines import danger_lines

    for line in danger_lines(uncommitted_dangers(os.getcwd(), environments, note, progress)):
        note(line)
