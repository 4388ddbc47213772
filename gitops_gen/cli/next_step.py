"""The end of a command that changed files: what the change means, and what to do next.

All commands that change values or generated files call `after_change` last, so that there is one
place for messages about the change as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitops_gen.cli.dangers import print_dangers
from gitops_gen.cli.messages import note, on_terminal
from gitops_gen.inputs.files import is_shared_name


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """A finished change of the work tree at `root`."""

    root: str
    environments: Sequence[str]
    """The environments whose files changed; `base` and `group:NAME` stand for shared files."""
    rendered: bool = False
    """Whether the generated files are up to date with the values."""


def after_change(change: ChangeMade) -> None:
    """Prints the dangers of the uncommitted changes, and on a terminal the next step."""
    print_dangers(change.root, change.environments)
    if change.environments and not change.rendered and on_terminal():
        is_shared = any(map(is_shared_name, change.environments))
        names = () if is_shared else change.environments
        note(" ".join(["next: gitops-gen render", *names]))
