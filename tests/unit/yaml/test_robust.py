"""Whatever the bytes: a value or a clean refusal, and no YAML library before it is needed."""

from __future__ import annotations

import pathlib
import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.yaml import parse, yaml_load

HERE = pathlib.Path(__file__).parent
SEEDS = [path.read_bytes() for path in sorted(HERE.rglob("*.yaml"))]
SYNTAX = st.sampled_from("a1:-[]{},&*!|>'\"%@`#?~ \n\t").map(str.encode)
NOISE = SYNTAX | st.sampled_from([b"\n  ", b": ", b"- ", b"---\n", b"\xff", b"\0"])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(NOISE) + data[at + draw(st.integers(0, 3)) :]
    return data


def read(data: bytes) -> Any:
    """The value, or the refusal; all else that is raised fails the test."""
    try:
        return parse(data, "f").value
    except InvalidInput as refusal:
        return refusal


def read_leniently(data: bytes) -> Any:
    try:
        return yaml_load(data)
    except InvalidInput as refusal:
        return refusal


@given(st.binary(max_size=200) | st.lists(NOISE, max_size=40).map(b"".join) | damaged())
def test_any_bytes_give_a_value_or_a_refusal_with_a_place(data: bytes) -> None:
    strict, lenient = read(data), read_leniently(data)
    if isinstance(strict, InvalidInput):
        assert strict.findings
        assert all(str(finding).startswith("f:") for finding in strict.findings)
    else:
        assert lenient == strict


def test_importing_the_package_imports_no_yaml_library() -> None:
    code = "import gitops_gen.yaml, sys; print(*({'yaml', 'ruamel'} & set(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
    assert output.split() == []
