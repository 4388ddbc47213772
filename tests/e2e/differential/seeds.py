"""Objects that an API server accepts, to be mutated: one file a kind, the example, the corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gitops_gen.yaml import documents
from tests.e2e import corpus

Value = dict[str, Any]
Kind = tuple[str, str]
"""The API version and the kind."""

_BOUNDS = ("LimitRange", "ResourceQuota")
"""Kinds that would bound other seeds: their own ones lie in a namespace where nothing else is."""
FOLDER = Path(__file__).with_name("seeds")
REPOSITORY = Path(__file__).parents[3]
CRD = FOLDER / "custom-resource-definition.yaml"


def seeds() -> dict[Kind, list[Value]]:
    """All seeds by kind. Kinds are those of the files of this folder; others have no mutants."""
    found: dict[Kind, list[Value]] = defaultdict(list)
    for value in _values(sorted(FOLDER.glob("*.yaml"))):
        found[kind_of(value)].append(value)
    for value in _values([*_example(), *corpus.files("valid")]):
        if kind_of(value) in found and value["kind"] not in _BOUNDS:
            found[kind_of(value)].append(value)
    return dict(found)


def kind_of(value: Value) -> Kind:
    return value["apiVersion"], value["kind"]


def _example() -> list[Path]:
    return sorted((REPOSITORY / "rendered").glob("*/manifests/**/*.yaml"))


def _values(files: list[Path]) -> Iterator[Value]:
    for file in files:
        for value in documents(file.read_bytes()):
            if isinstance(value, dict) and "metadata" in value:
                yield value
