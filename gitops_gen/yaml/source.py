"""From the bytes of a file to its text, or an error for what is no UTF-8 text of usual size."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule

RULE = Rule(
    "yaml",
    title="A file is readable, strict YAML or JSON",
    why="A file that programs read in different ways, or cannot read, would give other values "
    "than the ones its author sees.",
    remedy="Correct the file at the position that the message names.",
)
MAX_BYTES = 1 << 20
MAX_FINDINGS = 50
BOM = "\ufeff"

# Control characters, line breaks that only some readers know (a lone CR included), marks that
# show a reviewer something else than what a program reads, and what YAML forbids anyway.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
_WIDE_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def refuse(findings: Iterable[tuple[Position, str]]) -> InvalidInput:
    """All that is wrong with a file as one error, in its order and each thing once."""
    ordered = sorted(set(itertools.islice(findings, MAX_FINDINGS + 1)))
    if len(ordered) > MAX_FINDINGS:
        ordered[-1] = (ordered[-1][0], "and more from here on; correct the others first")
    return InvalidInput(Finding(RULE, message, position) for position, message in ordered)


def _check_size(size: int, file: str) -> None:
    if size > MAX_BYTES:
        message = f"is larger than {MAX_BYTES >> 20} MiB; no values file needs that"
        raise InvalidInput.at(Position(file), message, RULE)


def decode(data: bytes, file: str) -> str:
    """The text as it stands, byte order mark included, of a file that may be read at all."""
    _check_size(len(data), file)
    text = _utf8(data, file)
    body = text.removeprefix(BOM)
    if _FORBIDDEN.search(body):
        raise refuse(_forbidden_characters(body, file))
    return text


def _utf8(data: bytes, file: str) -> str:
    for mark, name in _WIDE_MARKS.items():
        if data.startswith(mark):
            message = f"is encoded as {name}; save it as UTF-8"
            raise InvalidInput.at(Position(file), message, RULE)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().removeprefix(BOM)
        message = (
            f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8 "
            "(Latin-1 perhaps?); save the file as UTF-8"
        )
        raise InvalidInput.at(place(before, len(before), file), message, RULE) from error


def _forbidden_characters(text: str, file: str) -> Iterable[tuple[Position, str]]:
    for match in _FORBIDDEN.finditer(text):
        hint = ", or save the file as UTF-8 if it is UTF-16" if match[0] == "\0" else ""
        yield place(text, match.start(), file), f"{forbidden(match[0])}; remove it{hint}"


def forbidden(text: str) -> str | None:
    """The first character of `text` that no value may hold, if any, and what it is."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    code = ord(match[0])
    return f"U+{code:04X}, {_character(code)}"


def _character(code: int) -> str:
    if code == 0x0D:
        return "a carriage return without a line feed"
    if code in (0x85, 0x2028, 0x2029):
        return "a line break that only some programs know"
    if 0x2020 < code < 0x2070:
        return "an invisible character that reorders the text around it"
    return "a character that no YAML file may hold" if code >= 0xD800 else "a control character"


def place(text: str, index: int, file: str) -> Position:
    line_start = text.rfind("\n", 0, index) + 1
    return Position(file, text.count("\n", 0, index) + 1, index - line_start + 1)
