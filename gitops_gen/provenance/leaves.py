"""The leaves of an environment's values, and the same values with some of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from typing import Any

from gitops_gen.inputs.files import is_group_file, is_imported, is_shared_file
from gitops_gen.inputs.schema import parts
from gitops_gen.model import Environment, Path, Position, Values

SECTIONS_OF_COMPONENTS = frozenset(["tiers", "addons"])
"""Maps whose keys are the names of components."""


class Unset(Enum):
    """The change of a leaf whose key is removed."""

    UNSET = "unset"


class ValueLayer(IntEnum):
    """The layer that a value comes from. The user's own files are the strongest."""

    DEFAULT = 0
    CLUSTER = 1
    BASE = 2
    GROUP = 3
    ENVIRONMENT = 4


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """A value that is not a map or a list with content, or a key in a file of the user.

    `of_key` distinguishes the two. The name of an environment variable and its value are two
    leaves. A key that the user did not choose, such as `autoscaling`, can only be removed.
    """

    path: Path
    of_key: bool = False


def leaves(environment: Environment, schema: Values, path: Path = ()) -> Iterator[Leaf]:
    """Yields the leaves of the value at `path`, in the order of the values."""
    value = value_at(environment.values, path)
    is_map = isinstance(value, dict) and bool(value)
    if is_named_by_user(schema, path) or (is_map and _is_optional(environment, path)):
        yield Leaf(path, of_key=True)
    if is_map:
        for key in value:
            yield from leaves(environment, schema, (*path, key))
    elif isinstance(value, list) and value:
        for index in range(len(value)):
            yield from leaves(environment, schema, (*path, index))
    else:
        yield Leaf(path)


def is_named_by_user(schema: Values, path: Path) -> bool:
    """Whether the last key of the path is a name in a map with keys of the user's choice."""
    if len(path) < 2 or isinstance(path[-1], int):
        return False
    if len(path) == 2 and path[0] in SECTIONS_OF_COMPONENTS:
        return False
    above = parts(schema, path[:-1])
    return bool(above) and not any(path[-1] in part.get("properties", {}) for part in above)


def _is_optional(environment: Environment, path: Path) -> bool:
    """Whether a map may be a part of a component that the user configured, such as autoscaling."""
    in_a_section = len(path) > (2 if path and path[0] in SECTIONS_OF_COMPONENTS else 1)
    return in_a_section and isinstance(path[-1], str) and environment.written(*path)


def value_at(values: Any, path: Path) -> Any:
    """The value at a path that exists."""
    for part in path:
        values = values[part]
    return values


def exists(values: Any, path: Path) -> bool:
    try:
        value_at(values, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def layer(environment: Environment, leaf: Leaf) -> ValueLayer:
    mark = environment.sources.get(leaf.path)
    if mark is None or mark.default:
        return ValueLayer.DEFAULT
    file = mark.value.file.rpartition(":")[2]
    if is_imported(file):
        return ValueLayer.CLUSTER
    if is_group_file(file):
        return ValueLayer.GROUP
    return ValueLayer.BASE if is_shared_file(file) else ValueLayer.ENVIRONMENT


def position(environment: Environment, leaf: Leaf) -> Position:
    """Where the leaf is written, even if in the defaults."""
    return environment.position(leaf.path, key=leaf.of_key)


def changed(environment: Environment, changes: Mapping[Leaf, Any]) -> Environment:
    """The environment with other values. The change of a key is its new name."""
    values: Any = environment.values
    for leaf, value in _deepest_first(changes):
        values = _replaced(values, leaf, leaf.path, value)
    variant = replace(environment, values=values)
    # Finding the secrets again in each variant would take longer than everything else. No message
    # about a variant is shown.
    vars(variant)["hidden"] = environment.hidden
    return variant


def _deepest_first(changes: Mapping[Leaf, Any]) -> Iterable[tuple[Leaf, Any]]:
    """A key is renamed after the values below it were changed."""
    return sorted(changes.items(), key=lambda item: (-len(item[0].path), item[0].of_key))


def _replaced(values: Any, leaf: Leaf, path: Path, value: Any) -> Any:
    """A copy of the maps and lists on the path; everything else is shared."""
    part, rest = path[0], path[1:]
    if rest:
        return _with_item(values, part, _replaced(_below(values, part), leaf, rest, value))
    if value is Unset.UNSET:
        return {key: item for key, item in values.items() if key != part}
    if leaf.of_key:
        return {(value if key == part else key): item for key, item in values.items()}
    return _with_item(values, part, value)


def _below(values: Any, part: str | int) -> Any:
    """The value below a map or a list; an empty map if a key that is not set is above it."""
    return values.get(part, {}) if isinstance(values, dict) else values[part]


def _with_item(values: Any, part: str | int, item: Any) -> Any:
    if isinstance(values, list):
        return [item if index == part else one for index, one in enumerate(values)]
    return {**values, part: item}
