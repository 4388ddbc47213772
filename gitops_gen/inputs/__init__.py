"""From files to an Environment: layers, schema errors and rules, each at its line.

Loader(root, sections).load(name) -> Loaded
environments(root) -> names
compose(sections) -> the schema of merged values; layer_form(schema) -> the editor's
"""

from gitops_gen.inputs.files import chosen, environment_file, environments, input_files
from gitops_gen.inputs.load import Loaded, Loader, check_all, load_all
from gitops_gen.inputs.schema import Section, compose, layer_form, schema_file

__all__ = [
    "Loaded",
    "Loader",
    "Section",
    "check_all",
    "chosen",
    "compose",
    "environment_file",
    "environments",
    "input_files",
    "layer_form",
    "load_all",
    "schema_file",
]
