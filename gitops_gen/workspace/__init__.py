"""The entry point of all commands: a revision -> its environments, plans and renderings.

Workspace(revision).load(name) -> Loaded, valid; .examine(name) -> Loaded, perhaps invalid
                   .plan(environment), .render(names, run) -> renderings
                   .check(names), .set_values(name, assignments)
render_repository(request, listener) -> outcomes, after writing or comparing

This module imports no slow modules, so that a render that is up to date stays fast.
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
