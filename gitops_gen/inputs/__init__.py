"""From files to an Environment: layers, schema errors and rules, each at its line.

    Loader(revision, sections).load(name) -> Loaded, valid; .examine(name), valid or not
    edited(loader, name, assignments) -> Edit, for the caller to examine and write
    compose_all(sections) -> the schema of merged values; schema_file(sections) -> the editor's
    environments(revision), chosen(revision, names) -> names

A render with nothing to do needs names only, so the rest is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gitops_gen.inputs.files import chosen, environment_file, environments, input_files

if TYPE_CHECKING:
    from gitops_gen.inputs.assign import Assigned, Edit, edited
    from gitops_gen.inputs.load import Loaded, Loader
    from gitops_gen.inputs.schema import Section, compose, compose_all, layer_form, schema_file

_HOMES = {
    **dict.fromkeys(("Assigned", "Edit", "edited"), "assign"),
    **dict.fromkeys(("Loaded", "Loader"), "load"),
    **dict.fromkeys(("Section", "compose", "compose_all", "layer_form", "schema_file"), "schema"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "Assigned",
    "Edit",
    "Loaded",
    "Loader",
    "Section",
    "chosen",
    "compose",
    "compose_all",
    "edited",
    "environment_file",
    "environments",
    "input_files",
    "layer_form",
    "schema_file",
]
