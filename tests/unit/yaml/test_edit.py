"""Changing one value without other changes. Each file in edit/ is a case.

The first line of edit/valid/<case>.yaml or edit/invalid/<case>.yaml contains the path and the value
as JSON. The file next to it contains the expected result (.after) or the message (.txt).
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Path
from gitops_gen.yaml import edit, parse
from tests.cases import assert_refused, cases, each

CASES = pathlib.Path(__file__).parent / "edit"
BOM = b"\xef\xbb\xbf"


def request(case: pathlib.Path) -> tuple[Path, Any]:
    words = case.read_text().splitlines()[0].removeprefix("# set ")
    path, end = json.JSONDecoder().raw_decode(words)
    return tuple(path), json.loads(words[end:])


@each(CASES, "valid")
def test_valid(case: pathlib.Path) -> None:
    after = edit(case.read_bytes(), "f", *request(case))
    assert after.decode() == case.with_suffix(".after").read_text()


@each(CASES, "valid")
def test_line_ends_and_byte_order_mark_are_kept(case: pathlib.Path) -> None:
    before = BOM + case.read_bytes().replace(b"\n", b"\r\n")
    after = BOM + case.with_suffix(".after").read_bytes().replace(b"\n", b"\r\n")
    assert edit(before, "f", *request(case)) == after


@each(CASES, "valid")
def test_a_missing_final_newline_is_added_only_before_new_lines(
    case: pathlib.Path,
) -> None:
    after = edit(case.read_bytes().rstrip(b"\n"), "f", *request(case))
    assert after.rstrip(b"\n") == case.with_suffix(".after").read_bytes().rstrip(b"\n")


@each(CASES, "valid")
def test_setting_the_same_value_changes_nothing(case: pathlib.Path) -> None:
    after = case.with_suffix(".after").read_bytes()
    assert edit(after, "f", *request(case)) == after


@each(CASES, "invalid")
def test_refused(case: pathlib.Path) -> None:
    assert_refused(case, lambda: edit(case.read_bytes(), "f", *request(case)))


def test_an_invalid_file_is_refused() -> None:
    with pytest.raises(InvalidInput, match="f:1:4: a: yes is read as true"):
        edit(b"a: yes\n", "f", ("a",), 1)


def test_a_path_is_needed() -> None:
    with pytest.raises(InvalidInput, match="a path is needed"):
        edit(b"a: 1\n", "f", (), {})


def test_a_value_without_a_yaml_form_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        edit(b"a: 1\n", "f", ("a",), (1, 2))


def put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, list) and isinstance(path[0], int):
        inner = put(value[path[0]], path[1:], new)
        return [*value[: path[0]], inner, *value[path[0] + 1 :]]
    return {**value, path[0]: put(value.get(path[0]), path[1:], new)}


TEXTS = ["text", "1e3", "a: b", "it's", "two\nlines\n", "end\n\n", "#", "{", ""]
LISTS = [[], ["x", {"n1": 1, "n2": [["deep"]]}]]
MAPS = [{}, {"a": {"b": 1}}]
NEW = st.sampled_from([5, True, None, 0.5, *TEXTS, *LISTS, *MAPS])


@given(st.sampled_from(cases(CASES, "valid")), st.data(), NEW, st.booleans())
def test_every_value_can_be_set(case: pathlib.Path, data: Any, new: Any, add: bool) -> None:
    before = case.read_bytes()
    document = parse(before, "f")
    if any(mark in before for mark in (b"&", b"*")):
        return
    paths = [path for path in document.values if path]
    path = data.draw(st.sampled_from(paths))
    if add:
        path = (*path[:-1], "added") if isinstance(path[-1], str) else path
    after = edit(before, "f", path, new)
    assert parse(after, "f").value == put(document.value, path, new)


@given(st.sampled_from(cases(CASES, "valid")), st.data(), st.sampled_from(["x", 7, False]))
def test_a_scalar_changes_only_its_line(case: pathlib.Path, data: Any, new: Any) -> None:
    before = case.read_bytes()
    document = parse(before, "f")
    scalars = [path for path, value in leaves(document.value) if value in (80, 2, "acme-dev", 8080)]
    if b"*" in before or not scalars:
        return
    path = data.draw(st.sampled_from(scalars))
    after = edit(before, "f", path, new).split(b"\n")
    changed = [
        number
        for number, (old, line) in enumerate(zip(before.split(b"\n"), after, strict=True), 1)
        if old != line
    ]
    assert changed == [document.values[path].line]


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [(path, value)]
