"""Reading the output of Terraform.

Each file in outputs/valid is a test; the .layer next to it has the expected values layer. Each file
in outputs/invalid is a test; the .txt next to it has the expected messages.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.terraform.facts import LARGEST, read
from gitops_gen.terraform.import_cluster import layer
from tests.cases import assert_refused, beside, each
from tests.repository import ROOT

HERE = Path(__file__).parent
EXAMPLE = HERE / "outputs/valid/alone.json"


@each(HERE / "outputs", "valid", "*.json")
def test_the_layer_of_valid_facts(case: Path) -> None:
    facts = read(case.read_bytes(), case.name).values
    assert layer(facts) == json.loads(beside(case, ".layer").read_text())


@each(HERE / "outputs", "invalid", "*.json")
def test_invalid_facts_are_reported_with_their_positions(case: Path) -> None:
    assert_refused(case, lambda: read(case.read_bytes(), case.name))


def test_the_output_of_the_terraform_tests_is_read() -> None:
    """tests/terraform compares the output of terraform/infra with the same file."""
    data = (ROOT / "tests/terraform/gitops.example.json").read_bytes()
    assert layer(read(data, "stdin").values) == layer(read(EXAMPLE.read_bytes(), "f").values)


def test_a_byte_order_mark_is_accepted() -> None:
    assert read(b"\xef\xbb\xbf" + EXAMPLE.read_bytes(), "f") == read(EXAMPLE.read_bytes(), "f")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (EXAMPLE.read_text().encode("utf-16"), "f:1:1: is encoded as UTF-16; save it as UTF-8"),
        (b" " * LARGEST + b"{}", "f:1:1: is larger than 1 MiB; pass the output of `terraform"),
        (b'{\n "region": "\xff"}', "f:2:13: byte 0xff at offset 14 is not UTF-8"),
        (b'{"region": "a\nb"}', "f:1:14: is not JSON: invalid control character"),
        (b'{"region": "\\x"}', "f:1:13: is not JSON: invalid \\escape"),
    ],
    ids=["utf-16", "huge", "latin-1", "line-break-in-a-text", "escape"],
)
def test_unreadable_output_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, "f")
    assert str(refused.value).startswith(message)
