"""Other values are chosen by the schema: they validate, differ, and have the same type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.components import catalogue
from gitops_gen.inputs import Loader, compose
from gitops_gen.inputs.validate import validator
from gitops_gen.model import Values
from gitops_gen.provenance.alternatives import alternatives, examples
from gitops_gen.provenance.leaves import Leaf, changed, leaves, value_at
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT

SCHEMA = compose(catalogue())
PATTERNS = ("^[a-z][a-z0-9-]{0,20}$", "^/[a-z0-9/]*$", "^[0-9]+(m|Mi|Gi)$", "^sha256:[0-9a-f]{64}$")


def in_key(schema: Values) -> Values:
    return {"type": "object", "properties": {"key": schema}}


@st.composite
def schemas_with_values(draw: st.DrawFn) -> tuple[Values, Any]:
    kind = draw(st.sampled_from(["boolean", "integer", "enum", "pattern", "string", "any"]))
    if kind == "boolean":
        return {"type": "boolean"}, draw(st.booleans())
    if kind == "integer":
        least, most = sorted(draw(st.tuples(st.integers(-9, 70000), st.integers(-9, 70000))))
        bounds = {"minimum": least, "maximum": most}
        return {"type": "integer", **bounds}, draw(st.integers(least, most))
    if kind == "enum":
        members = draw(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
        return {"enum": members}, draw(st.sampled_from(members))
    if kind == "pattern":
        pattern = draw(st.sampled_from(PATTERNS))
        return {"type": "string", "pattern": pattern}, draw(st.from_regex(pattern, fullmatch=True))
    if kind == "string":
        return {"type": "string", "maxLength": 30}, draw(st.text(max_size=30))
    return {}, draw(st.one_of(st.text(), st.integers(), st.booleans(), st.floats(-1e6, 1e6)))


@given(schemas_with_values())
def test_an_alternative_validates_differs_and_has_the_same_type(case: tuple[Values, Any]) -> None:
    schema, value = case
    check = validator(schema)
    others = list(alternatives(value, in_key(schema), ("key",)))
    for other in others:
        assert check.is_valid(other), (schema, value, other)
        assert type(other) is type(value)
        assert other != value
    keys = [(type(other), str(other)) for other in others]
    assert len(set(keys)) == len(keys)


@given(schemas_with_values())
def test_there_is_an_alternative_if_the_schema_leaves_a_choice(case: tuple[Values, Any]) -> None:
    schema, value = case
    only = schema.get("enum") == [value] or schema.get("minimum", 0) == schema.get("maximum", 1)
    full = isinstance(value, str) and schema.get("pattern") == PATTERNS[0] and len(value) > 20
    if not (only or full):
        assert next(alternatives(value, in_key(schema), ("key",)), None) is not None


@pytest.mark.parametrize(
    ("value", "schema", "first"),
    [
        (3, {"type": "integer", "minimum": 0, "maximum": 1000}, 4),
        (65535, {"type": "integer", "minimum": 1, "maximum": 65535}, 1),
        ("100m", {}, "101m"),
        ("5Gi", {}, "6Gi"),
        ("10.20.0.0/16", {}, "10.20.0.0/17"),
        ("IfNotPresent", {"enum": ["Always", "IfNotPresent", "Never"]}, "Always"),
        ("1.9", {}, "1.10"),
        ([1], {"items": {"type": "integer", "minimum": 1}}, [1, 2]),
        ({}, {"type": "object", "additionalProperties": {"enum": ["a"]}}, {"x": "a"}),
    ],
)
def test_the_first_alternative_is_close_to_the_value(
    value: Any, schema: Values, first: Any
) -> None:
    assert next(alternatives(value, in_key(schema), ("key",))) == first


def test_a_number_is_also_compared_with_one() -> None:
    """A second Pod may add a PodDisruptionBudget, so a step from 3 to 4 is not enough."""
    schema = in_key({"type": "integer", "minimum": 0, "maximum": 10})
    assert list(alternatives(3, schema, ("key",)))[:2] == [4, 1]


@pytest.mark.parametrize(
    "path", ["postgres.storage.size", "tiers.backend.calls", "tiers.backend.podLabels"]
)
def test_a_key_that_is_not_set_has_examples(path: str) -> None:
    keys = tuple(path.split("."))
    example = next(examples(SCHEMA, keys))
    assert validator(_schema_at(SCHEMA, keys)).is_valid(example)


def _schema_at(schema: Values, path: tuple[str, ...]) -> Values:
    for key in path:
        schema = schema.get("properties", {}).get(key) or schema["additionalProperties"]
    return schema


def test_every_leaf_of_the_example_has_a_valid_alternative() -> None:
    """Only what has a single possible value has none."""
    environment = Loader(WorkTree(str(ROOT)), catalogue()).load("prod").environment
    check = validator(SCHEMA)
    without = []
    for leaf in leaves(environment, SCHEMA):
        if leaf.of_key:
            continue
        value = value_at(environment.values, leaf.path)
        valid = (
            other
            for other in alternatives(value, SCHEMA, leaf.path)
            if check.is_valid(changed(environment, {leaf: other}).values)
        )
        if next(valid, None) is None:
            without.append(leaf)
    assert without == []


def test_a_name_that_the_user_chose_is_a_leaf_of_its_own() -> None:
    environment = Loader(WorkTree(str(ROOT)), catalogue()).load("prod").environment
    tag = Leaf(("tiers", "backend", "image", "tag"))
    env = changed(environment, {Leaf(("tiers", "backend", "env")): {"COLOUR": "red"}})
    found = list(leaves(env, SCHEMA))
    assert tag in found
    assert Leaf((*tag.path,), of_key=True) not in found
    colour = ("tiers", "backend", "env", "COLOUR")
    assert {Leaf(colour), Leaf(colour, of_key=True)} <= set(found)
    renamed = changed(env, {Leaf(colour): "blue", Leaf(colour, of_key=True): "HUE"})
    assert renamed.get("tiers", "backend", "env") == {"HUE": "blue"}
