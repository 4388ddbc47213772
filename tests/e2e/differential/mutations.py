"""Mutations: each adds one fault to a valid object, as a person might.

The same random seed produces the same objects.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.e2e.differential.seeds import Value

Path = tuple[str | int, ...]
DUPLICATE = "duplicate of "
"""The prefix of a key that the text of the object contains twice."""
KEPT = {("apiVersion",), ("kind",), ("metadata", "namespace")}
"""Fields that decide about the path of the request. They are not mutated."""

NUMBERS = (-1, 0, 1, 7, 100, 65535, 65536, 2**31, 2**63 - 1, 1.5)
TEXTS = (
    "", "a", "bogus", "UPPER_case", "with space", "a..b", "-x", "1", "true", "10Mi", "0.5.1", "/",
    "../x", "a/b/c", "*", "25%", "-5%", "150%", "ünïcode", "x" * 64, "x" * 254, "$(A)", "::1",
    "10.0.0.1", "http://x", "2026-01-01T00:00:00Z", "None", "self.x ==", "Always", "x=y",
)  # fmt: skip
OTHERS = (None, True, 3, 2.5, "text", [], {}, ["text"], {"a": "b"}, [{"name": "a"}])


@dataclass
class Pool:
    """The keys and values of all seeds of a kind, by their place."""

    values: dict[tuple[str, ...], dict[str, list[Any]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def beside(self, path: Path) -> dict[str, list[Any]]:
        return self.values.get(_shape(path), {})

    def add(self, value: Value) -> None:
        for path, parent in _containers(value):
            if isinstance(parent, dict):
                for key, child in parent.items():
                    self.values[_shape(path)][key].append(child)


@dataclass
class Mutator:
    random: Random
    pool: Pool

    def mutant(self, seed: Value) -> tuple[str, str]:
        """Returns the names of the mutations, and the object as JSON."""
        value = copy.deepcopy(seed)
        names = [self._mutate(value) for _ in range(self.random.choice((1, 1, 1, 2)))]
        return "+".join(names), text(value)

    def _mutate(self, value: Value) -> str:
        for _ in range(20):
            operation = self.random.choice(OPERATIONS)
            if operation(self, value):
                return operation.__name__
        return "nothing"

    def _place(self, value: Value, wanted: Callable[[Any], bool]) -> tuple[Any, Any] | None:
        """Returns a random container and a key in it whose value is wanted."""
        places = [
            (parent, key)
            for path, parent in _containers(value)
            for key in _keys(parent)
            if (*path, key) not in KEPT and wanted(parent[key])
        ]
        return self.random.choice(places) if places else None


def dropped(mutator: Mutator, value: Value) -> bool:
    place = mutator._place(value, lambda _child: True)
    if place is None:
        return False
    parent, key = place
    del parent[key]
    return True


def renamed(mutator: Mutator, value: Value) -> bool:
    place = mutator._place(value, lambda _child: True)
    if place is None or not isinstance(place[1], str):
        return False
    parent, key = place
    name = mutator.random.choice(
        (f"{key}s", key[:-1] or "x", key.upper(), f"{key[:1].upper()}{key[1:]}")
    )
    if name in parent:
        return False
    parent[name] = parent.pop(key)
    return True


def retyped(mutator: Mutator, value: Value) -> bool:
    return _replace(mutator, value, lambda _child: True, OTHERS)


def out_of_range(mutator: Mutator, value: Value) -> bool:
    return _replace(mutator, value, lambda child: type(child) in (int, float), NUMBERS)


def other_text(mutator: Mutator, value: Value) -> bool:
    return _replace(mutator, value, lambda child: isinstance(child, str), TEXTS)


def doubled(mutator: Mutator, value: Value) -> bool:
    """Repeats all items of a list, or one of them a hundred times."""
    place = mutator._place(value, lambda child: isinstance(child, list) and bool(child))
    if place is None:
        return False
    items = place[0][place[1]]
    if mutator.random.random() < 0.1:
        items.extend(copy.deepcopy(items[:1]) * 100)
    else:
        items.extend(copy.deepcopy(items))
    return True


def emptied(mutator: Mutator, value: Value) -> bool:
    place = mutator._place(value, lambda child: isinstance(child, list | dict) and bool(child))
    if place is None:
        return False
    place[0][place[1]].clear()
    return True


def added(mutator: Mutator, value: Value) -> bool:
    """Adds a key that another object has at the same place, perhaps one that excludes others."""
    places = [
        (parent, keys)
        for path, parent in _containers(value)
        if isinstance(parent, dict) and path != ()
        and (keys := sorted(mutator.pool.beside(path).keys() - parent.keys()))
    ]  # fmt: skip
    if not places:
        return False
    parent, keys = mutator.random.choice(places)
    key = mutator.random.choice(keys)
    path = next(path for path, other in _containers(value) if other is parent)
    if (*path, key) in KEPT:
        return False
    parent[key] = copy.deepcopy(mutator.random.choice(mutator.pool.beside(path)[key]))
    return True


def exchanged(mutator: Mutator, value: Value) -> bool:
    """Replaces a value with one that another object has at the same place."""
    place = mutator._place(value, lambda _child: True)
    if place is None or not isinstance(place[1], str):
        return False
    parent, key = place
    path = next(path for path, other in _containers(value) if other is parent)
    values = mutator.pool.beside(path).get(key)
    if not values or (*path, key) in KEPT:
        return False
    parent[key] = copy.deepcopy(mutator.random.choice(values))
    return True


def swapped(mutator: Mutator, value: Value) -> bool:
    """Swaps two values of a map, perhaps a minimum and its maximum."""
    parents = [p for path, p in _containers(value) if isinstance(p, dict) and len(p) > 1 and path]
    if not parents:
        return False
    parent = mutator.random.choice(parents)
    keys = [key for key in parent if key != "namespace"]
    if len(keys) < 2:
        return False
    one, other = mutator.random.sample(keys, 2)
    parent[one], parent[other] = parent[other], parent[one]
    return True


def duplicated(mutator: Mutator, value: Value) -> bool:
    place = mutator._place(value, lambda _child: True)
    if place is None or not isinstance(place[1], str) or place[1].startswith(DUPLICATE):
        return False
    parent, key = place
    parent[DUPLICATE + key] = copy.deepcopy(parent[key])
    return True


OPERATIONS: tuple[Callable[[Mutator, Value], bool], ...] = (
    dropped, dropped, renamed, retyped, retyped, out_of_range, other_text, other_text, doubled,
    emptied, added, added, exchanged, exchanged, swapped, duplicated,
)  # fmt: skip


def text(value: Value) -> str:
    return json.dumps(value).replace(f'"{DUPLICATE}', '"')


def _replace(
    mutator: Mutator, value: Value, wanted: Callable[[Any], bool], values: tuple[Any, ...]
) -> bool:
    place = mutator._place(value, wanted)
    if place is None:
        return False
    parent, key = place
    parent[key] = copy.deepcopy(mutator.random.choice(values))
    return True


def _keys(parent: Any) -> list[Any]:
    return sorted(parent) if isinstance(parent, dict) else list(range(len(parent)))


def _containers(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict | list):
        yield path, value
        for key in _keys(value):
            yield from _containers(value[key], (*path, key))


def _shape(path: Path) -> tuple[str, ...]:
    """Returns a path with all indexes replaced by `[]`."""
    return tuple("[]" if isinstance(part, int) else part for part in path)
