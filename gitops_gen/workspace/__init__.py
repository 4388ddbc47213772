"""A revision -> its environments, their plans and their renderings: the one entry of commands.

    Workspace(revision).load(name) -> Loaded, valid; .examine(name), valid or not
                       .plan(environment), .render(names, run) -> renderings
                       .check(names), .set_values(name, assignments)
    render_repository(request, listener) -> outcomes, written or compared

Nothing heavy is imported here: a render with nothing to do must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitops_gen.workspace.render_repository import render_repository

if TYPE_CHECKING:
    from gitops_gen.workspace.workspace import Workspace

__all__ = ["Workspace", "render_repository"]


def __getattr__(name: str) -> Any:
    if name != "Workspace":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gitops_gen.workspace.workspace import Workspace

    return Workspace
