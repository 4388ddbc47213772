"""How the path of a value, or of an object's field, is printed and read."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gitops_gen.model import FieldPath, Path
from gitops_gen.secrets.places import KEY_NOT_SHOWN

PATHS: list[tuple[str, Path]] = [
    ("", ()),
    ("spec.replicas", ("spec", "replicas")),
    ("tiers.web.args[0]", ("tiers", "web", "args", 0)),
    ("[2]", (2,)),
    ("args[0][1]", ("args", 0, 1)),
    ("data.0", ("data", "0")),
    ("labels.acme/team", ("labels", "acme/team")),
    ('metadata.labels."app.kubernetes.io/name"', ("metadata", "labels", "app.kubernetes.io/name")),
    ('env."a.b"."c[0]"', ("env", "a.b", "c[0]")),
    ('env."A=B"', ("env", "A=B")),
    ('data.""', ("data", "")),
    (r'"a\"b\\"[0]', ('a"b\\', 0)),
    (r'data."two\nlines"', ("data", "two\nlines")),
    (r'"\x1b\n::error::"', ("\x1b\n::error::",)),
    (r'data."\u2028\U000e0001"', ("data", "\u2028\U000e0001")),
]


@pytest.mark.parametrize(("text", "parts"), PATHS)
def test_a_path_is_printed_and_read(text: str, parts: Path) -> None:
    assert str(FieldPath(parts)) == text
    assert FieldPath.parse(text) == FieldPath(parts)


@given(st.lists(st.text() | st.integers(min_value=0, max_value=999_999)).map(tuple))
def test_every_path_is_read_from_what_is_printed(parts: Path) -> None:
    path = FieldPath(parts)
    assume(KEY_NOT_SHOWN not in str(path))
    assert FieldPath.parse(str(path)) == path
    assert str(path).isprintable()


@pytest.mark.parametrize("text", ["env.'a.b'[0]", 'env."a.b"[0]', r'"\env"."a\.b"[00]'])
def test_a_key_may_be_quoted_in_other_ways_than_it_is_printed(text: str) -> None:
    assert FieldPath.parse(text) == FieldPath(("env", "a.b", 0))


@pytest.mark.parametrize(
    "text",
    [".spec", "spec.", "spec..replicas", "spec[", "spec[-1]", "spec[1]name", 'data."a', "a=b"],
)
def test_what_is_not_a_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a field path"):
        FieldPath.parse(text)


@pytest.mark.parametrize("escape", [r"\ud800", r"\U00110000"])
def test_an_escape_of_no_character_is_refused(escape: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - two kinds of ValueError, with Python's texts
        FieldPath.parse(f'"{escape}"')


def test_a_key_that_may_be_a_secret_is_not_printed() -> None:
    assert str(FieldPath(("adminPassword", "hunter2"))) == f"adminPassword.{KEY_NOT_SHOWN}"
    assert str(FieldPath(("tiers", KEY_NOT_SHOWN))) == f"tiers.{KEY_NOT_SHOWN}"
