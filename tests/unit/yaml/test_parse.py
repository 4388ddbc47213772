"""Parsing hand-written files. Each file in valid/ and invalid/ is a case.

The expected result is next to it: valid/<case>.json for valid/<case>.yaml, or
invalid/<case>.txt for invalid/<case>.yaml, with one line `f:line:column: message` per finding.
"""

from __future__ import annotations

import json
import pathlib

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.yaml import parse
from tests.cases import assert_refused, each

HERE = pathlib.Path(__file__).parent


def message_of(data: bytes) -> str:
    with pytest.raises(InvalidInput) as error:
        parse(data, "f")
    assert all(finding.position.file == "f" for finding in error.value.findings)
    return "".join(f"{str(finding).removeprefix('f:')}\n" for finding in error.value.findings)


@each(HERE, "valid")
def test_valid(case: pathlib.Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_bytes())
    result = parse(case.read_bytes(), case.name).value
    # Texts are compared, because 1 == 1.0 == True, and to compare the order of keys.
    assert json.dumps(result) == json.dumps(expected)


@each(HERE, "invalid")
def test_invalid(case: pathlib.Path) -> None:
    assert_refused(case, lambda: parse(case.read_bytes(), "f"))


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@each(HERE, "valid")
def test_json_is_yaml(case: pathlib.Path, indent: int | str | None) -> None:
    expected = json.loads(case.with_suffix(".json").read_bytes())
    text = json.dumps(expected, indent=indent, ensure_ascii=False)
    assert json.dumps(parse(text.encode(), "f").value) == json.dumps(expected)


# Characters that editors do not show, or that Git or an editor might change.
INVISIBLE = {
    "empty": (b"", "1:1: the file is empty; write at least one key with a value"),
    "only a BOM": (b"\xef\xbb\xbf", "1:1: the file is empty; write at least one key with a value"),
    "NUL": (
        b"a: x\0y\n",
        "1:5: U+0000 (a control character); remove it, or save the file as UTF-8 if it is UTF-16",
    ),
    "escape": (b"a: 1\nb: x\x1b[31m\n", "2:5: U+001B (a control character); remove it"),
    "C1": ("a: \u0084\n".encode(), "1:4: U+0084 (a control character); remove it"),
    "DEL in a comment": (b"a: 1 # \x7f\n", "1:8: U+007F (a control character); remove it"),
    "lone CR": (
        b"# hidden\ra: 1\r\n",
        "1:9: U+000D (a carriage return without a line feed); remove it",
    ),
    "NEL": (
        "a: x\u0085y\n".encode(),
        "1:5: U+0085 (a line break that only some programs recognize); remove it",
    ),
    "line separator": (
        "é: x\u2028y\n".encode(),
        "1:5: U+2028 (a line break that only some programs recognize); remove it",
    ),
    "second BOM": (
        "\ufeffa: \ufeffb\n".encode(),
        "1:4: U+FEFF (a character that is not allowed in YAML); remove it",
    ),
    "several": (
        "a: \u202ex\u2066\n\nb: '\u2069'\n".encode(),
        "1:4: U+202E (an invisible character that reorders the text around it); remove it\n"
        "1:6: U+2066 (an invisible character that reorders the text around it); remove it\n"
        "3:5: U+2069 (an invisible character that reorders the text around it); remove it",
    ),
    "UTF-16": ("a: 1\n".encode("utf-16"), "1:1: is encoded as UTF-16; save it as UTF-8"),
    "UTF-32": ("a: 1\n".encode("utf-32"), "1:1: is encoded as UTF-32; save it as UTF-8"),
    "Latin-1": (
        "a: 1\né: ü\n".encode()[:-3] + "ü\n".encode("latin-1"),
        "2:4: byte 0xfc at offset 9 is not UTF-8 (Latin-1 perhaps?); save the file as UTF-8",
    ),
    "surrogate in UTF-8": (
        b"a: \xed\xa0\x80\n",
        "1:4: byte 0xed at offset 3 is not UTF-8 (Latin-1 perhaps?); save the file as UTF-8",
    ),
    "more than 1 MiB": (
        b"a: " + b"x" * (1 << 20),
        "1:1: is larger than 1 MiB; no values file needs that",
    ),
}


@pytest.mark.parametrize("case", INVISIBLE)
def test_invisible_characters(case: str) -> None:
    data, expected = INVISIBLE[case]
    assert message_of(data) == f"{expected}\n"


def test_utf_16_without_a_mark_is_reported_for_each_nul() -> None:
    first = message_of("a: 1\n".encode("utf-16-le")).splitlines()[0]
    assert first.endswith("or save the file as UTF-8 if it is UTF-16")


def test_columns_count_characters_without_the_byte_order_mark() -> None:
    document = parse("\ufeff한: {é: 😀, z: [1,\r\n  x]}\r\n".encode(), "f")
    assert document.value == {"한": {"é": "😀", "z": [1, "x"]}}
    assert document.keys == {
        ("한",): Position("f", 1, 1),
        ("한", "é"): Position("f", 1, 5),
        ("한", "z"): Position("f", 1, 11),
    }
    assert document.values == {
        (): Position("f", 1, 1),
        ("한",): Position("f", 1, 4),
        ("한", "é"): Position("f", 1, 8),
        ("한", "z"): Position("f", 1, 14),
        ("한", "z", 0): Position("f", 1, 15),
        ("한", "z", 1): Position("f", 2, 3),
    }


def test_an_alias_has_the_position_of_its_anchor() -> None:
    document = parse(b"a: &x\n  b: 1\nc: *x\n", "f")
    assert document.values["c", "b"] == Position("f", 2, 6)
    document.value["a"]["b"] = 2
    assert document.value["c"] == {"b": 1}


def test_the_number_of_findings_is_limited() -> None:
    lines = message_of(b"".join(b"k%d: yes\n" % number for number in range(1000))).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "51:6: there are more errors from here on; correct the others first"


@pytest.mark.parametrize(
    "text", ["a: [" + "1," * 200_000 + "]", "a: 1\n" * 150_000, "\x01" * 900_000]
)
def test_a_large_file_is_refused_quickly(text: str) -> None:
    assert len(message_of(text.encode()).splitlines()) <= 51


@pytest.mark.parametrize("opener", ["[", "{a: ", "- ", "? ", "a:\n ", "&a [", "!x "])
def test_deep_nesting_is_refused(opener: str) -> None:
    with pytest.raises(InvalidInput):
        parse((opener * 100_000).encode(), "f")
