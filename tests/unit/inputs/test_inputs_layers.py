"""Layers: each file in layers/ is a repository with the expected merged values, line by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.inputs.layers import Node, merged, node, overlay, plain_values
from gitops_gen.model import Document, Mark, Position
from tests.unit.inputs.examples import HERE, files_of, loader, repository

CASES = sorted((HERE / "layers").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_layers_are_merged_as_expected(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    environment = loader(repository(tmp_path, files)).load("dev").environment
    result = yaml.parse(files["result"].encode(), "result")
    sections = {key: value for key, value in environment.values.items() if key in result.value}
    assert sections == result.value
    places = written_places(files["result"], result)
    marks = {path: environment.sources[path] for path in places}
    found = {
        p: str(m.key if isinstance(_at(result, p), dict) else m.value) for p, m in marks.items()
    }
    assert found == places


def written_places(text: str, result: Document) -> dict[Any, str]:
    """Returns the expected source positions of the values, which are in comments."""
    lines = text.split("\n")
    comments = {
        i: m[1] for i, line in enumerate(lines, 1) if (m := re.search(r"# (\S+:\d+:\d+)", line))
    }
    return {path: comments[at.line] for path, at in result.keys.items() if at.line in comments}


def _at(document: Document, path: Any) -> Any:
    value = document.value
    for part in path:
        value = value[part]
    return value


# Properties

MARK = Mark(Position("a"), Position("a"))
keys = st.sampled_from("abc")
scalars = st.none() | st.integers(0, 3) | st.lists(st.integers(0, 1), max_size=2)
values = st.recursive(
    scalars, lambda below: st.dictionaries(keys, below, max_size=3), max_leaves=12
)
maps = st.dictionaries(keys, values, max_size=3)


def nodes(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: nodes(item) for key, item in value.items()}, MARK)
    if isinstance(value, list):
        return Node([nodes(item) for item in value], MARK)
    return Node(value, MARK)


@given(maps, maps, maps)
def test_merging_is_associative(a: Any, b: Any, c: Any) -> None:
    """This is also true for nulls, so layers that environments share are merged only once."""
    a, b, c = nodes(a), nodes(b), nodes(c)
    assert overlay(overlay(a, b), c) == overlay(a, overlay(b, c))


@given(maps)
def test_merging_an_empty_layer_changes_nothing(a: Any) -> None:
    nothing = nodes({})
    assert overlay(nothing, nodes(a)) == nodes(a) == overlay(nodes(a), nothing)


@given(maps, maps)
def test_layers_are_merged_key_by_key(lower: Any, upper: Any) -> None:
    result = plain_values(overlay(nodes(lower), nodes(upper))).values
    assert result == over(without_nulls(lower), upper)


def over(lower: Any, upper: Any) -> Any:
    """A simple implementation of merging."""
    if not (isinstance(lower, dict) and isinstance(upper, dict)):
        return without_nulls(upper)
    kept = {key: value for key, value in lower.items() if key not in upper}
    laid = {key: over(lower.get(key), v) for key, v in upper.items() if v is not None}
    return {**kept, **laid}


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return value


# Source positions

names = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=4)
leaves = st.none() | st.booleans() | st.integers(0, 99) | names
anything = st.recursive(
    leaves, lambda b: st.lists(b, max_size=2) | st.dictionaries(names, b, max_size=3), max_leaves=8
)


@given(st.lists(st.dictionaries(names, anything, max_size=3), min_size=1, max_size=3))
def test_each_mark_is_the_position_of_its_value(written: list[Any]) -> None:
    """Each merged value is at its source position in one of the layers."""
    texts = {f"{i}.yaml": yaml.dump(value) for i, value in enumerate(written)}
    documents = [yaml.parse(text.encode(), file) for file, text in texts.items()]
    result = plain_values(merged(map(node, documents[1:]), node(documents[0])))
    for path, mark in result.marks.items():
        value = result.values
        for part in path:
            value = value[part]
        assert mark.value.file in texts
        if not isinstance(value, (dict, list)):
            line = texts[mark.value.file].split("\n")[mark.value.line - 1]
            assert read_from(line[mark.value.column - 1 :]) == value


def read_from(text: str) -> Any:
    """Returns the scalar at the beginning of a line."""
    return yaml.parse(f"value: {text}".encode(), "line").value["value"]


@given(st.dictionaries(names, anything, max_size=3))
def test_each_value_has_a_mark(written: dict[str, Any]) -> None:
    result = plain_values(node(yaml.parse(yaml.dump(written).encode(), "a.yaml")))
    assert set(result.marks) == set(paths(result.values))


def paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, item in items:
        yield from paths(item, (*path, key))
