"""Random changes of one field of the example: of a value, or of a rendered object.

Nothing here knows the fields of the example. A value is changed as its schema permits, and a field
of an object as its type permits. The same random seed makes the same changes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Tree
from gitops_gen.objects import layout
from gitops_gen.provenance.alternatives import alternatives
from gitops_gen.provenance.leaves import leaves, value_at
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace.workspace import HelmRun, Workspace
from tests.e2e.differential.mutations import NUMBERS, TEXTS

ENVIRONMENT = "prod"
_MOST_ALTERNATIVES = 8
_KEPT = {("apiVersion",), ("kind",)}
"""Without them a file contains no object."""
_REMOVED_OBJECTS, _REMOVED_FIELDS, _VALUES_OF_OTHERS, _ODD_VALUES = 0.12, 0.15, 0.2, 0.2
"""The share of the changes of rendered objects that are of each sort."""


@dataclass(frozen=True)
class Change:
    """The files of the environment after a change."""

    name: str
    files: Tree = field(repr=False)


@dataclass
class Mutations:
    """Changes of the example in `folder`, which contains its values."""

    folder: Path
    random: Random
    run: HelmRun

    def __post_init__(self) -> None:
        self.file = self.folder / "values" / f"{ENVIRONMENT}.yaml"
        self.written = self.file.read_bytes()
        workspace = Workspace(WorkTree(str(self.folder)))
        self.environment = workspace.load(ENVIRONMENT).environment
        self.schema = workspace.loader.schema(ENVIRONMENT)
        self.leaves = [one.path for one in leaves(self.environment, self.schema) if not one.of_key]
        self.base = self._rendered()

    def changes(self, count: int) -> Iterator[Change]:
        """Yields changes of values and changes of rendered objects in turn."""
        while count > 0:
            mutate = self._of_value if count % 2 else self._of_object
            if (change := mutate()) is not None and dict(change.files) != dict(self.base):
                count -= 1
                yield change

    def _of_value(self) -> Change | None:
        """A change of a value; None if the rules refuse it."""
        path = self.random.choice(self.leaves)
        value = value_at(self.environment.values, path)
        others = list(islice(alternatives(value, self.schema, path), _MOST_ALTERNATIVES))
        if not others:
            return None
        other = self.random.choice(others)
        self.file.write_text(yaml.dump(self._with(path, other)))
        try:
            name = f"values {'.'.join(map(str, path))}: {value!r} -> {other!r}"
            return Change(name, self._rendered())
        except (InvalidInput, ToolFailed):
            return None
        finally:
            self.file.write_bytes(self.written)

    def _with(self, path: tuple[Any, ...], other: Any) -> Any:
        """The values of the file with another value. A list is written as a whole."""
        length = next((i for i, part in enumerate(path) if isinstance(part, int)), len(path))
        whole = copy.deepcopy(value_at(self.environment.values, path[:length]))
        whole = _replaced(whole, path[length:], other)
        written: Any = yaml.yaml_load(self.written)
        return _replaced(written, path[:length], json.loads(json.dumps(whole)))

    def _rendered(self) -> Tree:
        workspace = Workspace(WorkTree(str(self.folder)))
        [rendering] = workspace.render([workspace.load_to_render(ENVIRONMENT)], self.run)
        return rendering.tree

    def _of_object(self) -> Change | None:
        path = self.random.choice(sorted(_manifests(self.base)))
        objects = [one for one in yaml.documents(self.base[path]) if one]
        index = self.random.randrange(len(objects))
        item = json.loads(json.dumps(objects[index]))
        name = f"{item['kind']} {item['metadata']['name']}"
        if self.random.random() < _REMOVED_OBJECTS:
            return Change(f"{name} removed", self._written(path, objects[:index], objects[index:]))
        place = self.random.choice([one for one in _fields(item) if one not in _KEPT])
        text = self._changed(item, place)
        objects[index] = item
        return Change(f"{name} {text}", self._written(path, objects)) if text else None

    def _written(self, path: str, before: list[Any], after: list[Any] | None = None) -> Tree:
        """The files of the base with these objects in one of them."""
        left = [*before, *(after or [])[1:]]
        files = {key: content for key, content in self.base.items() if key != path}
        text = "---\n".join(yaml.dump(one) for one in left)
        return {**files, path: text.encode()} if left else files

    def _changed(self, item: Any, place: tuple[Any, ...]) -> str:
        """Changes one field of the object. Returns what was changed; empty if nothing was."""
        parent, key = value_at(item, place[:-1]), place[-1]
        label, value = ".".join(map(str, place)), parent[key]
        if self.random.random() < _REMOVED_FIELDS:
            del parent[key]
            return f"{label}: {value!r} removed"
        others = self._others(value, place)
        if not others:
            return ""
        parent[key] = self.random.choice(others)
        return f"{label}: {value!r} -> {parent[key]!r}"

    def _others(self, value: Any, place: tuple[Any, ...]) -> list[Any]:
        """Other values of the same type: similar ones, those of other objects, or odd ones."""
        similar = list(islice(alternatives(value, {}, place), _MOST_ALTERNATIVES))
        sort = self.random.random()
        if sort < _VALUES_OF_OTHERS:
            return [one for one in self._of_others(place) if one != value] or similar
        if sort < _VALUES_OF_OTHERS + _ODD_VALUES:
            odd = TEXTS if isinstance(value, str) else NUMBERS if type(value) is int else ()
            return [one for one in odd if one != value] or similar
        return similar

    def _of_others(self, place: tuple[Any, ...]) -> list[Any]:
        """The values of fields of the same name in all objects."""
        found: dict[str, Any] = {}
        for path in sorted(_manifests(self.base)):
            for item in yaml.documents(self.base[path]):
                for one in _fields(item):
                    if one[-1] == place[-1]:
                        value = json.loads(json.dumps(value_at(item, one)))
                        found[json.dumps(value)] = value
        return list(found.values())


def _manifests(files: Mapping[str, bytes]) -> list[str]:
    folders = (layout.manifests(ENVIRONMENT, ""), f"{layout.apps(ENVIRONMENT)}/")
    return [path for path in files if path.startswith(folders) and path.endswith(".yaml")]


def _fields(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yields the paths of all values that are not maps or lists with content."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        if isinstance(value[key], dict | list) and value[key]:
            yield from _fields(value[key], (*path, key))
        else:
            yield (*path, key)


def _replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    key, *rest = path
    if isinstance(value, list):
        return [
            _replaced(one, tuple(rest), other) if i == key else one for i, one in enumerate(value)
        ]
    value = value if isinstance(value, dict) else {}
    return {**value, key: _replaced(value.get(key), tuple(rest), other)}
