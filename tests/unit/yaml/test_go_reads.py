"""go-reads.jsonl: the values that sigs.k8s.io/yaml (Helm, Argo CD, kubectl) reads in documents."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.yaml import documents, parse, yaml_load

TABLE = (pathlib.Path(__file__).parent / "go-reads.jsonl").read_text().splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TABLE]


def canonical(value: Any) -> str:
    """Returns JSON, which distinguishes 1 from true."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row["yaml"]))
def test_rendered_documents_are_read_as_go_reads_them(row: dict[str, Any]) -> None:
    data = row["yaml"].encode()
    if "error" in row:
        with pytest.raises(InvalidInput):
            yaml_load(data)
    else:
        assert canonical(yaml_load(data)) == canonical(row["json"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row["yaml"]))
def test_values_that_are_accepted_are_read_as_go_reads_them(row: dict[str, Any]) -> None:
    try:
        value = parse(row["yaml"].encode(), "f").value
    except InvalidInput:
        return
    assert canonical(value) == canonical(row["json"])


def test_a_stream_of_documents() -> None:
    data = b"# Source: a\na: 1\n---\n# nothing\n---\nb: 1e3\n...\n"
    assert documents(data) == [{"a": 1}, None, {"b": 1000}]


def test_only_one_document_is_allowed() -> None:
    assert yaml_load(b"") is None
    with pytest.raises(InvalidInput, match="rendered:1:1: contains more than one document"):
        yaml_load(b"a: 1\n---\nb: 1\n")


def test_errors_name_the_source() -> None:
    with pytest.raises(InvalidInput, match=r"^backend:2:3: unexpected ':' in an unquoted value"):
        yaml_load(b"a: 1\n b: 2\n", "backend")
    with pytest.raises(InvalidInput, match="backend:1:1: byte at offset 3 is not UTF-8"):
        yaml_load(b"a: \xff\n", "backend")
    with pytest.raises(
        InvalidInput, match=r"^backend:1:1: is not YAML: control characters are not"
    ):
        yaml_load(b"a: \0\n", "backend")


def test_aliases_cannot_exhaust_memory() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    with pytest.raises(InvalidInput, match="more than 2000000 values, counting an alias"):
        yaml_load("\n".join(lines).encode())
