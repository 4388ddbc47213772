"""JSON is read as Python reads it, with the position of every key and value, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.yaml import parse_json
from gitops_gen.yaml.source import place

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"))
ANY_TEXTS = st.text(st.characters(codec=None))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 2, "\t"]))
def test_what_python_writes_is_read_with_every_place(value: Any, indent: Any) -> None:
    value = json.loads(json.dumps(value).replace("Infinity", "1"))
    text = json.dumps(value, indent=indent)
    document = parse_json(text.encode(), "f")
    assert document.value == value
    decoder = json.JSONDecoder()
    starts = {place(text, index, "f"): index for index in range(len(text))}
    for path, position in document.values.items():
        found = value
        for part in path:
            found = found[part]
        assert decoder.raw_decode(text, starts[position])[0] == found


@given(st.text(alphabet='{}[]",:01-.eE+ \n\\untrfalse', max_size=30))
def test_nothing_is_admitted_that_python_refuses(text: str) -> None:
    try:
        value = parse_json(text.encode(), "f").value
    except InvalidInput:
        return
    assert value == json.loads(text)


@given(ANY_TEXTS, ANY_TEXTS)
def test_no_text_is_admitted_that_cannot_be_written(key: str, value: str) -> None:
    """json.dumps writes any of them, as an escape."""
    try:
        read = parse_json(json.dumps({key: [value]}).encode(), "f").value
    except InvalidInput:
        read = None
    hostile = "\0" in key + value or any("\ud800" <= c <= "\udfff" for c in key + value)
    assert read == (None if hostile else {key: [value]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00 \/ \u003c"}', {"a": "\U0001f600 / <"}),
        ('{"a"\n :\n1}', {"a": 1}),
        ('{"' + "k" * 2000 + '": 1}', {"k" * 2000: 1}),
        ('{"": "", "a":"b:c", "d": "\\"{"}', {"": "", "a": "b:c", "d": '"{'}),
        ('[1.0, 1e3, -0, 100000000000000000000, "~", null]', [1.0, 1e3, 0, 10**20, "~", None]),
        ('{\n\t"a":\t1\r\n}', {"a": 1}),
    ],
    ids=["escapes", "line-break-after-a-key", "long-key", "syntax-in-texts", "scalars", "tabs"],
)
def test_json_that_is_no_yaml_or_means_something_else_in_it(text: str, value: Any) -> None:
    assert parse_json(text.encode(), "f").value == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f:1:1: is not JSON: expecting value"),
        ("{a: 1}", "f:1:2: is not JSON: expecting property name enclosed in double quotes"),
        ("[1, # a comment\n2]", "f:1:5: is not JSON: expecting value"),
        ('{"a": [1,\n NaN]}', "f:2:2: a[1]: is NaN, infinite or a number that is too large"),
        ('{"a": -Infinity}', "f:1:7: a: is NaN, infinite or a number that is too large"),
        ('{"a": 1e999}', "f:1:7: a: is NaN, infinite or a number that is too large"),
        ('{"a": 1,\n "b": 2,\n "a": 3}', "f:3:2: a: given twice, first on line 1"),
        ("[" * 100_000, "f:1:65: nested deeper than 64 levels; flatten it"),
        ("[" * 5000 + '"' + r"\"" * 100_000, "f:1:65: nested deeper than 64 levels; flatten it"),
        ('{"password": "hunter2\n"}', "f:1:22: is not JSON: invalid control character"),
        (
            r'{"a": ["x", "\ud800"]}',
            "f:1:13: a[1]: the text holds U+D800, a character that no YAML file may hold; "
            "remove it",
        ),
        (
            r'{"a": "\ude00\ud83d"}',
            "f:1:7: a: the text holds U+DE00, a character that no YAML file may hold; remove it",
        ),
        (r'{"a": "x\u0000"}', "f:1:7: a: the text holds U+0000, a control character; remove it"),
        (
            '{"a": {\n "\\ud800b": 1}}',
            "f:2:2: a: a key holds U+D800, a character that no YAML file may hold; remove it",
        ),
    ],
)
def test_a_refusal_names_the_position_and_no_value(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_json(text.encode(), "f")
    assert str(refused.value) == message
