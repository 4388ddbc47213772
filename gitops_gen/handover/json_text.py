"""JSON with places: as RFC 8259 has it, each key once, no NaN, no depth that would hurt."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any, NoReturn

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Document, Path, Position, Rule, dotted
from gitops_gen.yaml.source import BOM, decode

RULE = Rule(
    "terraform-output",
    title="Terraform's output is complete and valid",
    why="The environment would be rendered with wrong facts about its cluster.",
    remedy="Run `terraform apply` in terraform/infra and import its output again.",
)
DEPTH = 64
LONGEST_NUMBER = 400
_SPACE = re.compile(r"[ \t\r\n]*")


def parse(data: bytes, file: str) -> Document:
    """Raises InvalidInput at the first character that does not fit."""
    reader = _Reader(decode(data, file).removeprefix(BOM), file)
    value, end = reader.value(reader.skip(0), ())
    if (rest := reader.skip(end)) < len(reader.text):
        reader.refuse(rest, "something follows the JSON")
    return Document(value, reader.keys, reader.values)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}
        self._file = file
        # Every value is placed: to count the lines before each would take minutes.
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._scalars = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)

    def skip(self, index: int) -> int:
        space = _SPACE.match(self.text, index)
        return space.end() if space else index

    def refuse(self, index: int, message: str) -> NoReturn:
        raise InvalidInput.at(self._place(index), message, RULE)

    def value(self, index: int, path: Path) -> tuple[Any, int]:
        """The value that begins here, and where it ends."""
        if len(path) > DEPTH:
            self.refuse(index, f"is nested deeper than {DEPTH} levels")
        self.values[path] = self._place(index)
        start = self.text[index : index + 1]
        if start == "{":
            return self._object(index + 1, path)
        return self._array(index + 1, path) if start == "[" else self._scalar(index)

    def _object(self, index: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        index = self.skip(index)
        while not self._is(index, "}"):
            if found:
                index = self._expect(index, ",", "or '}'")
            key, end = self._key(index, path, found)
            index = self.skip(self._expect(self.skip(end), ":", "after the key"))
            found[key], index = self.value(index, (*path, key))
            index = self.skip(index)
        return found, index + 1

    def _key(self, index: int, path: Path, found: dict[str, Any]) -> tuple[str, int]:
        if not self._is(index, '"'):
            self.refuse(index, "is no JSON: a key in double quotes is expected here")
        key, end = self._scalar(index)
        here = (*path, key)
        if key in found:
            first = self.keys[here].line
            self.refuse(index, f"{dotted(here)}: given twice, first on line {first}")
        self.keys[here] = self._place(index)
        return key, end

    def _array(self, index: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        index = self.skip(index)
        while not self._is(index, "]"):
            if found:
                index = self._expect(index, ",", "or ']'")
            value, end = self.value(index, (*path, len(found)))
            found.append(value)
            index = self.skip(end)
        return found, index + 1

    def _scalar(self, index: int) -> tuple[Any, int]:
        try:
            return self._scalars.raw_decode(self.text, index)
        except json.JSONDecodeError as error:
            self.refuse(error.pos, f"is no JSON: {_shortened(error.msg)}")
        except ValueError as error:
            self.refuse(index, f"is no JSON: {error}")

    def _is(self, index: int, character: str) -> bool:
        return self.text.startswith(character, index)

    def _expect(self, index: int, character: str, where: str) -> int:
        if not self._is(index, character):
            self.refuse(index, f"is no JSON: '{character}' {where} is expected here")
        return self.skip(index + 1)

    def _place(self, index: int) -> Position:
        line = bisect_right(self._lines, index)
        return Position(self._file, line, index - self._lines[line - 1] + 1)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _shortened(message: str) -> str:
    """The place that the message goes on to name is ours to tell."""
    text = re.sub(r"( starting)? at$|: .*$|: $", "", message)
    return text[0].lower() + text[1:]
