"""What Terraform prints, read: a file in outputs/good is a test with the layer that it gives in a
.layer beside it, a file in outputs/bad one with the messages in a .txt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.terraform.facts import LARGEST, read
from gitops_gen.terraform.import_cluster import layer
from tests.repository import ROOT

HERE = Path(__file__).parent
GOOD = sorted((HERE / "outputs/good").glob("*.json"))
BAD = sorted((HERE / "outputs/bad").glob("*.json"))
EXAMPLE = HERE / "outputs/good/alone.json"


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_the_layer_of_good_facts(file: Path) -> None:
    facts = read(file.read_bytes(), file.name).values
    assert layer(facts) == json.loads(file.with_suffix(".layer").read_text())


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_facts_are_told_with_their_places(file: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(file.read_bytes(), file.name)
    assert str(refused.value).splitlines() == file.with_suffix(".txt").read_text().splitlines()


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
        (b'{"region": "a\nb"}', "f:1:14: is not JSON: invalid control character"),
        (b'{"region": "\\x"}', "f:1:13: is not JSON: invalid \\escape"),
    ],
    ids=["utf-16", "huge", "latin-1", "line-break-in-a-text", "escape"],
)
def test_what_is_no_text_of_ours(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, "f")
    assert str(refused.value).startswith(told)
