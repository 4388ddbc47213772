"""Decodes a file, and refuses files that are too large or not valid UTF-8 text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule

RULE = Rule(
    "yaml",
    title="A file is readable, strict YAML or JSON",
    why="If programs cannot read a file or read it differently, the values are not those that "
    "its author sees.",
    remedy="Correct the file at the position that the message names.",
)
MAX_BYTES = 1 << 20
MAX_FINDINGS = 50
BOM = "\ufeff"

# Control characters, line breaks that only some parsers recognize (such as a single CR), marks that
# make a reviewer see another text than a program reads, and characters that YAML forbids.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
# The lines with which Git begins and ends each conflict of a merge.
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |\r?$)", re.MULTILINE)
_WIDE_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def refuse(findings: Iterable[tuple[Position, str]]) -> InvalidInput:
    """All findings about a file as one error, sorted by position and without duplicates."""
    ordered = sorted(set(itertools.islice(findings, MAX_FINDINGS + 1)))
    if len(ordered) > MAX_FINDINGS:
        message = "there are more errors from here on; correct the others first"
        ordered[-1] = (ordered[-1][0], message)
    return InvalidInput(Finding(RULE, message, position) for position, message in ordered)


def _check_size(size: int, file: str) -> None:
    if size > MAX_BYTES:
        message = f"is larger than {MAX_BYTES >> 20} MiB; no values file needs that"
        raise InvalidInput.at(Position(file), message, RULE)


def decode(data: bytes, file: str) -> str:
    """The text of a file, including a byte order mark. Raises InvalidInput if it is not valid."""
    _check_size(len(data), file)
    text = _utf8(data, file)
    body = text.removeprefix(BOM)
    if _FORBIDDEN.search(body):
        raise refuse(_forbidden_characters(body, file))
    if found := tuple(_unresolved_conflicts(body, file)):
        raise refuse(found)
    return text


def _unresolved_conflicts(text: str, file: str) -> Iterable[tuple[Position, str]]:
    """Yields the first line of each conflict; the last lines, if only these were left behind."""
    markers = list(_CONFLICT.finditer(text))
    begin = [marker for marker in markers if marker[0][0] == "<"]
    for marker in begin or markers:
        message = (
            f"'{marker[0]}' is a marker of an unresolved merge conflict; keep the right lines, and "
            "remove the markers (<<<<<<<, =======, >>>>>>>)"
        )
        yield place(text, marker.start(), file), message


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
    """A description of the first character of `text` that is not allowed, or None."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    code = ord(match[0])
    return f"U+{code:04X} ({_character(code)})"


def _character(code: int) -> str:
    if code == 0x0D:
        return "a carriage return without a line feed"
    if code in (0x85, 0x2028, 0x2029):
        return "a line break that only some programs recognize"
    if 0x2020 < code < 0x2070:
        return "an invisible character that reorders the text around it"
    return "a character that is not allowed in YAML" if code >= 0xD800 else "a control character"


def place(text: str, index: int, file: str) -> Position:
    line_start = text.rfind("\n", 0, index) + 1
    return Position(file, text.count("\n", 0, index) + 1, index - line_start + 1)
