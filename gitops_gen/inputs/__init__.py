"""Loads values files into Environments; schema errors and findings have source positions.

    Loader(revision, sections).load(name) -> Loaded, without errors; .examine(name), with any errors
    edited(loader, name, assignments) -> Edit, which the caller examines and writes
    printed_schema(sections) -> the schema of merged values
    schema_file(sections) -> the content of values/schema.json, for editors
    environments(revision), chosen(revision, names) -> names of environments

A render that finds everything up to date needs only names, so the other modules are imported when
they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gitops_gen.inputs.files import chosen, environment_file, environments, input_files

if TYPE_CHECKING:
    from gitops_gen.inputs.assign import Assigned, Edit, edited
    from gitops_gen.inputs.load import Loaded, Loader
    from gitops_gen.inputs.schema import Section, compose, layer_form
    from gitops_gen.inputs.schema_output import printed_schema, schema_file

_HOMES = {
    **dict.fromkeys(("Assigned", "Edit", "edited"), "assign"),
    **dict.fromkeys(("Loaded", "Loader"), "load"),
    **dict.fromkeys(("printed_schema", "schema_file"), "schema_output"),
    **dict.fromkeys(("Section", "compose", "layer_form"), "schema"),
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
    "edited",
    "environment_file",
    "environments",
    "input_files",
    "layer_form",
    "printed_schema",
    "schema_file",
]
