"""Reports names that become names of files and folders that Windows cannot create."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.inputs.files import DEVICES_OF_WINDOWS, GROUPS_KEY
from gitops_gen.model import Document, FieldPath, Finding, Path, Rule
from gitops_gen.secrets.walk import scalars

RULE = Rule(
    "windows-name",
    title="Names of tiers, add-ons, namespaces and groups can be file names on Windows",
    why="They become names of files and folders in rendered/ and argocd/, or are names of files in "
    "values/groups/. Windows reserves names such as `con`, so a clone of the repository fails "
    "there.",
    remedy="Use another name.",
)
_MESSAGE = "is a device on Windows, where no file or folder can have this name; use another name"


def findings(layer: Document) -> Iterator[Finding]:
    for section in ("tiers", "addons"):
        names = layer.value.get(section)
        for name in names if isinstance(names, dict) else ():
            if name in DEVICES_OF_WINDOWS:
                path: Path = (section, name)
                yield Finding(RULE, f"{FieldPath(path)}: {_MESSAGE}", layer.keys[path])
    for path, value in scalars(layer.value):
        if _is_name(path) and value in DEVICES_OF_WINDOWS:
            text = f"{FieldPath(path)}: '{value}' {_MESSAGE}"
            yield Finding(RULE, text, layer.values[path], field=FieldPath(path))


def _is_name(path: Path) -> bool:
    """Whether the value is the name of a namespace or of a group."""
    if path[:1] == (GROUPS_KEY,):
        return True
    is_namespace = path[-1:] == ("namespace",) or path[-2:-1] == ("namespaces",)
    return is_namespace and "values" not in path
