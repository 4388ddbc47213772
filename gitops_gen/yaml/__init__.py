"""Parses, writes and edits YAML in the way of the Go parsers of Helm and Argo CD.

Importing this package imports no YAML library; the functions import one when they are called.
"""

from gitops_gen.yaml.change import edit
from gitops_gen.yaml.emit import dump, dump_manifest
from gitops_gen.yaml.lenient import documents, yaml_load
from gitops_gen.yaml.remove import remove
from gitops_gen.yaml.strict import parse
from gitops_gen.yaml.strict_json import parse_json

__all__ = [
    "documents",
    "dump",
    "dump_manifest",
    "edit",
    "parse",
    "parse_json",
    "remove",
    "yaml_load",
]
