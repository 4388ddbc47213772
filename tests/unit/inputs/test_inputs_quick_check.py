"""`is_certainly_valid` never admits what jsonschema refuses, and knows the examples at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.components import catalogue
from gitops_gen.inputs import Loader, compose
from gitops_gen.inputs.quick_check import compiled, is_certainly_valid
from gitops_gen.inputs.validate import validator
from gitops_gen.revisions import WorkTree
from tests.unit.inputs.test_inputs_schema import REPOSITORY

SCHEMA = compose(catalogue())
VALUES = Loader(WorkTree(str(REPOSITORY)), catalogue()).load("prod").environment.values

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 70000)
    | st.floats(-2, 100, allow_nan=False)
    | st.sampled_from(["", "a", "1Gi", "1Gi\n", "postgres", "/", "file"])
)
values = st.recursive(
    scalars,
    lambda b: st.lists(b, max_size=3) | st.dictionaries(st.sampled_from("abc"), b, max_size=2),
    max_leaves=4,
)


def test_the_example_is_valid_without_jsonschema() -> None:
    assert is_certainly_valid(VALUES, SCHEMA)


@given(st.data())
def test_what_it_admits_is_valid(data: st.DataObject) -> None:
    """The example with something else at one place of it."""
    changed = copy.deepcopy(VALUES)
    parent: Any = changed
    while True:
        key = data.draw(
            st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(len(parent)))
        )
        below = parent[key]
        if not isinstance(below, (dict, list)) or not below or data.draw(st.booleans()):
            break
        parent = below
    if isinstance(parent, dict) and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(["replica", "port", "path", "A-B"]))
    parent[key] = data.draw(values)
    if is_certainly_valid(changed, SCHEMA):
        assert validator(SCHEMA).is_valid(changed)


SMALL = [
    {"type": ["integer", "null"], "minimum": 2, "exclusiveMaximum": 9},
    {
        "type": "array",
        "uniqueItems": True,
        "minItems": 1,
        "maxItems": 2,
        "items": {"type": "string"},
    },
    {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[ab]$"}},
    {"enum": [1, "a", None]},
    {"const": 1},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 5},
    {"type": "string", "minLength": 1, "maxLength": 2, "pattern": "^[a-z$]+$"},
    {"type": "string", "format": "cidr"},
    {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    {"patternProperties": {"a": {"type": "string"}}, "additionalProperties": False},
    {"properties": {"a": {"type": "boolean"}}, "additionalProperties": {"type": "integer"}},
    {"required": ["a"], "if": {"required": ["b"]}, "then": {"required": ["c"]}},
]


@pytest.mark.parametrize("schema", SMALL)
@given(value=values)
def test_what_it_admits_is_valid_for_every_keyword(schema: dict[str, Any], value: Any) -> None:
    if is_certainly_valid(value, schema):
        assert validator(schema).is_valid(value)


@pytest.mark.parametrize("schema", [{"newKeyword": 1}, {"$ref": "#"}, False])
def test_what_it_does_not_know_it_does_not_admit(schema: Any) -> None:
    assert not is_certainly_valid(5, schema)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("10.0.0.0/8", True),
        ("10.1.2.3/32", True),
        ("0.0.0.0/0", True),
        ("2001:db8::/32", True),
        ("::/0", True),
        ("10.0.0.1/8", False),
        ("10.0.0.0/33", False),
        ("999.0.0.0/8", False),
        ("010.0.0.0/8", False),
        (":::/128", False),
        ("2001:db8::1/32", False),
    ],
)
def test_address_ranges(text: str, is_one: bool) -> None:
    schema = {"format": "cidr"}
    assert (is_certainly_valid(text, schema), validator(schema).is_valid(text)) == (is_one, is_one)


def test_a_text_that_is_too_long_is_matched_with_no_pattern() -> None:
    """This one takes time that grows with the square of the length, and more."""
    schema = {"pattern": "^(a*)*$", "maxLength": 20}
    text = "a" * 1000 + "!"
    assert not is_certainly_valid(text, schema)
    assert [error.validator for error in validator(schema).iter_errors(text)] == ["maxLength"]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "abc\n", False),
        ("^[a-z$]+$", "a$", True),
        (r"^a\$$", "a$", True),
        (r"^a\$$", "a$\n", False),
        ("^(a$|b)", "a\n", False),
        (r"^[\]$]$", "$", True),
    ],
)
def test_the_end_is_the_end(pattern: str, text: str, matches: bool) -> None:
    """Python's `$` admits a final line feed; RE2's, which Helm uses, does not."""
    assert bool(compiled(pattern).search(text)) is matches
