"""The objects of a comparison: the same number of mutants of each kind, from one random seed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.e2e.differential.mutations import Mutator, Pool, duplicated, text
from tests.e2e.differential.seeds import Kind, Value, seeds

_TRIES = 60
_ADMITTED = ("Pod",)
"""Kinds that admission plugins change on creation, so that the stored object is another one."""
_FIXED_NAMES = ("APIService", "CustomResourceDefinition", "IPAddress", "Namespace")
"""Kinds whose name cannot be chosen."""


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: Kind
    mutation: str
    text: str
    old: Value
    """The object that was mutated."""

    @property
    def namespace(self) -> str:
        """The namespace in which a client would create the object."""
        metadata = json.loads(self.text).get("metadata")
        found = metadata.get("namespace") if isinstance(metadata, dict) else None
        return found if isinstance(found, str) and found else "default"


def new_objects(seed: int, count: int) -> list[Mutant]:
    """Returns the seeds and `count` mutants of each kind."""
    random = Random(seed)
    return [mutant for values in _by_kind() for mutant in _new(random, values, count)]


def successors(seed: int, count: int) -> list[Mutant]:
    """Returns mutants that are updates of the mutated objects."""
    random = Random(seed)
    return [
        mutant
        for values in _by_kind()
        if values[0]["kind"] not in _ADMITTED
        for mutant in _successors(random, values, _unique(values), count)
    ]


def applied_successors(seed: int, count: int) -> list[Mutant]:
    """Returns updates with a different name for each pair, and without duplicate keys."""
    random = Random(seed)
    found = []
    for values in _by_kind():
        if values[0]["kind"] not in (*_ADMITTED, *_FIXED_NAMES):
            for number in range(count):
                old = _renamed(random.choice(_unique(values)), number)
                found += _successors(random, values, [old], 1)
    return [mutant for mutant in found if duplicated.__name__ not in mutant.mutation]


def _by_kind() -> Iterator[list[Value]]:
    found = seeds()
    for kind in sorted(found):
        yield found[kind]


def _mutator(random: Random, values: list[Value]) -> Mutator:
    pool = Pool()
    for value in values:
        pool.add(value)
    return Mutator(random, pool)


def _new(random: Random, values: list[Value], count: int) -> Iterator[Mutant]:
    mutator = _mutator(random, values)
    kind = values[0]["apiVersion"], values[0]["kind"]
    for value in values:
        yield Mutant(kind, "unchanged", text(value), value)
    for _ in range(count):
        value = random.choice(values)
        yield Mutant(kind, *mutator.mutant(value), value)


def _successors(
    random: Random, values: list[Value], olds: list[Value], count: int
) -> Iterator[Mutant]:
    mutator = _mutator(random, values)
    kind = values[0]["apiVersion"], values[0]["kind"]
    for _ in range(count):
        old = random.choice(olds)
        for _try in range(_TRIES):
            mutation, changed = mutator.mutant(old)
            if _same_place(json.loads(changed), old):
                yield Mutant(kind, mutation, changed, old)
                break


def _same_place(new: Value, old: Value) -> bool:
    metadata = new.get("metadata")
    return isinstance(metadata, dict) and all(
        metadata.get(key) == old["metadata"].get(key) for key in ("name", "namespace")
    )


def _unique(values: list[Value]) -> list[Value]:
    """Returns the objects that have a name, one for each name."""
    found: dict[tuple[Any, Any], Value] = {}
    for value in values:
        metadata = value["metadata"]
        if "name" in metadata:
            found.setdefault((metadata.get("namespace"), metadata["name"]), value)
    return list(found.values())


def _renamed(value: Value, number: int) -> Value:
    """Returns a copy with another name and without node ports."""
    made = copy.deepcopy(value)
    made["metadata"]["name"] += f"-{number}"
    if made["kind"] == "Service":
        for port in made["spec"].get("ports", ()):
            port.pop("nodePort", None)
    return made
