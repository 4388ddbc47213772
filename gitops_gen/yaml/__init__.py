"""Parses, writes and edits YAML in the way of the Go parsers of Helm and Argo CD.

Importing this package imports no YAML library; the functions import one when they are called.
Reading and writing are needed by every command; the modules for edits are imported when they are
used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gitops_gen.yaml.emit import dump, dump_manifest, flow
from gitops_gen.yaml.lenient import documents, yaml_load

if TYPE_CHECKING:
    from gitops_gen.yaml.change import edit
    from gitops_gen.yaml.removal import remove
    from gitops_gen.yaml.strict import parse
    from gitops_gen.yaml.strict_json import parse_json

__all__ = [
    "documents",
    "dump",
    "dump_manifest",
    "edit",
    "flow",
    "parse",
    "parse_json",
    "remove",
    "yaml_load",
]
_MODULES = {
    "edit": "change",
    "parse": "strict",
    "parse_json": "strict_json",
    "remove": "removal",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
