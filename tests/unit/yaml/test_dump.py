"""What we write: every reader must read the value that was given."""

from __future__ import annotations

import base64
import json
import pathlib
import re
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.helm import executable
from gitops_gen.yaml import dump, parse, yaml_load
from gitops_gen.yaml.scalars import INT_LIMIT
from gitops_gen.yaml.source import forbidden

ROWS = (pathlib.Path(__file__).parent / "go-reads.jsonl").read_text().splitlines()
TRICKY = sorted({json.loads(row)["yaml"].removeprefix("a: ").strip("\n") for row in ROWS})
SYNTAX = "ab1 :#\n\t-?'\"{}[],&*!|>%@`y0e.~=_+\\"

texts = (
    st.text(st.characters(codec="utf-8"), max_size=30)
    | st.text(st.sampled_from(SYNTAX), max_size=12)
    | st.sampled_from(TRICKY)
)
numbers = st.integers(-(2**53), 2**53) | st.floats(-(2.0**52), 2.0**52)


def trees(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def same(first: Any, second: Any) -> bool:
    """Equal, with True not 1; the order of keys counts."""
    return json.dumps(first).replace(".0", "") == json.dumps(second).replace(".0", "")


@given(trees(st.none() | st.booleans() | numbers | texts, texts))
def test_go_reads_what_was_written(value: Any) -> None:
    assert yaml_load(dump(value).encode()) == value


allowed = texts.filter(lambda text: forbidden(text.replace("\r", "")) is None)
eighths = st.integers(-799_999, 799_999).map(lambda number: number / 8)
safe_numbers = st.integers(1 - INT_LIMIT, INT_LIMIT - 1) | eighths


@given(st.dictionaries(allowed, trees(st.none() | st.booleans() | safe_numbers | allowed, allowed)))
def test_the_strict_reader_reads_what_was_written(value: dict[str, Any]) -> None:
    if value:
        assert same(parse(dump(value).encode(), "f").value, value)


def test_the_form() -> None:
    value = {
        "text": "plain text",
        "list": ["a", {"b": 1, "c": {"d": None}}, ["x", ["y"], []], "two\nlines\n"],
        "script": "#!/bin/sh\nset -e\n\n\techo done\n",
        "withoutEnd": "one\ntwo",
        "empty": {},
        "true": True,
        "half": 0.5,
        "whole": 3.0,
    }
    assert dump(value) == (
        "text: plain text\n"
        "list:\n"
        "  - a\n"
        "  - b: 1\n"
        "    c:\n"
        "      d: null\n"
        "  - - x\n"
        '    - - "y"\n'
        "    - []\n"
        "  - |\n"
        "    two\n"
        "    lines\n"
        "script: |\n"
        "  #!/bin/sh\n"
        "  set -e\n"
        "\n"
        "  \techo done\n"
        "withoutEnd: |-\n"
        "  one\n"
        "  two\n"
        "empty: {}\n"
        '"true": true\n'
        "half: 0.5\n"
        "whole: 3\n"
    )


PLAIN = ["v1.2", "5Gi", "100m", "10.0.0.0/16", "a:b", "ghcr.io/acme/backend@sha256:0a", "a b", "/"]
QUOTED = ["", "y", "No", "~", "null", "1", "1e3", "685e8", "0x1F", "08", "1:30", "2026-01-01"]
QUOTED += [
    "1.4.2",
    "12345e6",
    ".inf",
    "-x",
    "- x",
    "a: b",
    "a #b",
    "a:",
    " a",
    "a ",
    "*",
    "=",
    "<<",
]
QUOTED += [
    "{{ x }}",
    "a\tb",
    "a\r\n",
    "\n",
    " a\nb",
    "a\n \nb",
    "a\n\n",
    "\u202e",
    "\x7f",
    "\ufeff",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain(text: str) -> None:
    assert dump(text) == f"{text}\n"


@pytest.mark.parametrize("text", QUOTED)
def test_quoted(text: str) -> None:
    written = dump({"k": text})
    assert re.fullmatch(r'k: "[ -~]*"\n', written)
    assert yaml_load(written.encode()) == {"k": text}


def test_a_key_that_is_too_long_for_a_line() -> None:
    value = {"k" * 2000: {"a": "two\nlines\n"}, "n": 1}
    assert yaml_load(dump(value).encode()) == value


@pytest.mark.parametrize("value", [(1, 2), {1: 2}, {"a": {None: 1}}, b"x", {1, 2}, object()])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        dump(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800"])
def test_what_would_change_on_the_way_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"would be rounded|no form in JSON|surrogate"):
        dump(value)


def test_helm_reads_what_was_written(tmp_path: pathlib.Path) -> None:
    cases = [*TRICKY, *PLAIN, *QUOTED, *map(chr, [*range(1, 0x300), 0x2028, 0x202E, 0x1F600])]
    cases += [f"a{text}b\n{text}\n" for text in cases]
    value = {
        "cases": [*cases, *({text: text} for text in cases), 5432, INT_LIMIT - 1, 0.5, True, None]
    }
    templates = tmp_path / "templates"
    templates.mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: x\nversion: 0.1.0\n")
    (tmp_path / "values.yaml").write_bytes(dump(value).encode())
    (templates / "x.yaml").write_text("data: {{ toJson .Values.cases | b64enc }}\n")
    command = [executable(print).path, "template", str(tmp_path)]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    encoded = re.search(rb"^data: (.*)$", output, re.MULTILINE)
    assert encoded is not None
    assert json.loads(base64.b64decode(encoded[1])) == value["cases"]
