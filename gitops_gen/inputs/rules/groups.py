"""Reports lists of groups in files that cannot have one."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.inputs.files import BASE, GROUPS_KEY, is_imported, is_shared_file
from gitops_gen.model import Document, FieldPath, Finding, Path, Rule

RULE = Rule(
    "groups-place",
    title="Only the file of an environment names groups",
    why="The layers of an environment are in the order of one list. A group with groups of its own "
    "would make this order hard to predict.",
    remedy="Remove the list from this file, and name all groups in the files of the environments, "
    "the weakest first.",
)


def findings(layer: Document) -> Iterator[Finding]:
    path: Path = (GROUPS_KEY,)
    if path in layer.keys and (problem := _problem(layer.values[()].file)):
        text = f"{FieldPath(path)}: {problem}"
        yield Finding(RULE, text, layer.keys[path], field=FieldPath(path))


def _problem(file: str) -> str | None:
    """Returns why a file cannot name groups; None for the file of an environment."""
    if is_imported(file):
        return "import-cluster writes this file; name the groups in the file of the environment"
    if not is_shared_file(file):
        return None
    if file.endswith(BASE):
        return "all environments share this file; name the groups in the file of each environment"
    return "a group has no groups; name all groups in the file of the environment, weakest first"
