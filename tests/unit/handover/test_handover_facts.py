"""What Terraform prints, read: a file in outputs/valid is a test with the layer that it gives in a
.layer beside it, a file in outputs/invalid one with the messages in a .txt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.handover.facts import LARGEST, read
from gitops_gen.handover.import_cluster import layer
from gitops_gen.handover.json_text import parse
from gitops_gen.yaml.source import place
from tests.cases import assert_refused, beside, each
from tests.unit.handover.examples import HERE, ROOT

EXAMPLE = HERE / "outputs/valid/alone.json"


@each(HERE / "outputs", "valid", "*.json")
def test_the_layer_of_valid_facts(case: Path) -> None:
    facts = read(case.read_bytes(), case.name).values
    assert layer(facts) == json.loads(beside(case, ".layer").read_text())


@each(HERE / "outputs", "invalid", "*.json")
def test_invalid_facts_are_told_with_their_places(case: Path) -> None:
    assert_refused(case, lambda: read(case.read_bytes(), case.name))


def test_the_output_that_terraform_is_held_to_is_read() -> None:
    """tests/terraform holds the output of terraform/infra to the same file."""
    data = (ROOT / "tests/terraform/gitops.example.json").read_bytes()
    assert layer(read(data, "stdin").values) == layer(read(EXAMPLE.read_bytes(), "f").values)


def test_a_byte_order_mark_is_accepted() -> None:
    assert read(b"\xef\xbb\xbf" + EXAMPLE.read_bytes(), "f") == read(EXAMPLE.read_bytes(), "f")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (EXAMPLE.read_text().encode("utf-16"), "f:1:1: is encoded as UTF-16; save it as UTF-8"),
        (b" " * LARGEST + b"{}", "f:1:1: is larger than 1 MiB; give what `terraform output"),
        (b'{\n "region": "\xff"}', "f:2:13: byte 0xff at offset 14 is not UTF-8"),
        (b'{"region": "a\nb"}', "f:1:14: is no JSON: invalid control character"),
        (b'{"region": "\\x"}', "f:1:13: is no JSON: invalid \\escape"),
    ],
    ids=["utf-16", "huge", "latin-1", "line-break-in-a-text", "escape"],
)
def test_what_is_no_text_of_ours(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, "f")
    assert str(refused.value).startswith(told)


# The JSON reader

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"))
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
    document = parse(text.encode(), "f")
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
        value = parse(text.encode(), "f").value
    except InvalidInput:
        return
    assert value == json.loads(text)
