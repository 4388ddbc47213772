"""Changes or adds one value in a YAML file. All other bytes of the file are kept.

A round trip through a YAML library would rewrite the whole file. Instead, the parser records the
position of each value, and only the bytes of that value are replaced. The result is parsed again,
and must differ from the original only in that value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Path, dotted
from gitops_gen.secrets.places import KEY_NOT_SHOWN
from gitops_gen.yaml import emit, source, strict
from gitops_gen.yaml.comments import comments
from gitops_gen.yaml.emit import Style
from gitops_gen.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, position
from gitops_gen.yaml.quoting import key_may_be_quoted, quotable
from gitops_gen.yaml.scalars import strict_value

AFFECTS_OTHER_VALUES = "cannot be set without changing other parts of the file"
BY_HAND = "edit the file by hand"


def edit(data: bytes, file: str, path: Path, value: Any) -> bytes:
    """Returns `data` with `value` at `path`. Comments, key order and all other bytes are kept."""
    old = strict.parse(data, file, any_size=True).value
    text = source.decode(data, file)
    body = text.removeprefix(source.BOM)
    editor = Editor(body, file, path)
    expected = editor.expected(old, value)
    if canonical(expected) == canonical(old):
        return data
    edited = text[: len(text) - len(body)] + editor.edited(value)
    editor.check(edited.encode(), expected)
    return edited.encode()


def canonical(value: Any) -> str:
    # Unlike ==, this distinguishes 1 from True and treats 1.0 as 1, because both are written as 1.
    return emit.dump(value)


@dataclass(frozen=True, slots=True)
class TextEdit:
    start: int
    end: int
    text: str


class Editor:
    def __init__(self, text: str, file: str, path: Path) -> None:
        self._text, self._file, self._path = text, file, path
        self._root = strict.root(text, file)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._style = _style(self._root)
        self._parents: list[Mapping | Sequence] = []
        self._node: Node = self._root
        self._follow_path()

    def _follow_path(self) -> None:
        """Follows the path to the last node that exists."""
        self._require_unshared()
        for part in self._path:
            child = _child(self._node, part)
            if child is None or not isinstance(self._node, (Mapping, Sequence)):
                return
            self._parents.append(self._node)
            self._node = child
            self._require_unshared()

    def _require_unshared(self) -> None:
        """Raises InvalidInput if the node is an alias or has an anchor."""
        node = self._node
        if isinstance(node, Alias) or node.anchor is not None:
            path = self._path[: len(self._parents)]
            name = dotted(path) or "the document"
            may_be_quoted = quotable(self._root).shows(path, node.anchor)
            anchor = f"&{node.anchor}" if may_be_quoted else "an anchor (&)"
            raise self._refused(
                f"{name} is used in several places through {anchor}, so all of them would change"
            )

    @property
    def _missing_path(self) -> Path:
        """The parts of the path that do not exist yet."""
        return self._path[len(self._parents) :]

    def _refused(self, reason: str) -> InvalidInput:
        place = position(self._file, self._node.start)
        return InvalidInput.at(place, f"{dotted(self._path)}: {reason}; {BY_HAND}", source.RULE)

    # Expected result

    def expected(self, old: Any, value: Any) -> Any:
        if not self._path:
            raise self._refused("a path is needed")
        expected = self._with_value(old, self._path, value)
        self._validate_value(value)
        return expected

    def _validate_value(self, value: Any) -> None:
        """Validates the value alone, so that its errors are not reported as errors of the file."""
        try:
            strict.parse(emit.dump(_nested(self._path, value)).encode(), self._file)
        except ValueError as error:
            raise self._refused(str(error)) from error
        except InvalidInput as error:
            place = position(self._file, self._node.start)
            raise InvalidInput.at(place, error.findings[0].message, source.RULE) from error

    def _with_value(self, old: Any, path: Path, value: Any) -> Any:
        if not path:
            return value
        part, below = path[0], path[1:]
        if isinstance(part, str) and (old is None or isinstance(old, dict)):
            old = old or {}
            return {**old, part: self._with_value(old.get(part), below, value)}
        if isinstance(part, int) and (old is None or isinstance(old, list)):
            items = old or []
            if 0 <= part <= len(items):
                item = items[part] if part < len(items) else None
                new = self._with_value(item, below, value)
                return [*items[:part], new, *items[part + 1 :]]
        above = self._path[: len(self._path) - len(path)]
        key = _describe_key(above, part)
        raise self._refused(f"cannot set {key}: its parent {_describe_type(old)}")

    def check(self, edited: bytes, expected: Any) -> None:
        """Raises InvalidInput unless the edited file has the expected value and all comments."""
        try:
            result = strict.parse(edited, self._file, any_size=True).value
        except InvalidInput as error:
            raise self._refused(AFFECTS_OTHER_VALUES) from error
        lost = comments(self._text) - comments(edited.decode())
        if canonical(result) != canonical(expected) or (lost and not self._replaces_collection):
            raise self._refused(AFFECTS_OTHER_VALUES)

    @property
    def _replaces_collection(self) -> bool:
        """Whether a map or a list is replaced. Then the comments inside it are removed, too."""
        return not self._missing_path and isinstance(self._node, (Mapping, Sequence))

    # Text edits

    def edited(self, value: Any) -> str:
        text = self._text
        for text_edit in sorted(
            self._text_edits(value), key=lambda text_edit: (-text_edit.start, -text_edit.end)
        ):
            text = text[: text_edit.start] + text_edit.text + text[text_edit.end :]
        return text

    def _text_edits(self, value: Any) -> list[TextEdit]:
        node, missing = self._node, self._missing_path
        if isinstance(node, (Mapping, Sequence)) and missing:
            return [self._insert(node, missing[0], _nested(missing[1:], value))]
        new = _nested(missing, value)
        parent = self._parents[-1]
        if parent.flow or _fits_on_one_line(node, new):
            return self._inline(parent, node, self._inline_text(node, new))
        return self._block(parent, node, new)

    def _insert(self, node: Mapping | Sequence, part: str | int, value: Any) -> TextEdit:
        item = {part: value} if isinstance(node, Mapping) else [value]
        if node.flow:
            return self._insert_flow(node, emit.flow(item, quoted=self._root.flow)[1:-1])
        at = self._line_end(self._content_end(node))
        lines = emit.block(item, self._style)
        return self._block_edit(at, at, self._newline + self._indented(lines, node.start.column))

    def _insert_flow(self, node: Mapping | Sequence, item: str) -> TextEdit:
        if not node.children:
            at = node.start.index + 1
            return TextEdit(at, at, item)
        at = self._content_end(node.children[-1])
        last_item_start = node.children[-2 if isinstance(node, Mapping) else -1].start
        before = self._text[last_item_start.index - last_item_start.column : last_item_start.index]
        separator = ", " if before.strip() else f",{self._newline}{before}"
        return TextEdit(at, at, separator + item)

    def _inline(self, parent: Mapping | Sequence, node: Node, new: str) -> list[TextEdit]:
        """Replaces `node` by `new` on the same line; a block is replaced on the line of its key."""
        start, end = node.start.index, self._content_end(node)
        if _is_block(node) and isinstance(parent, Mapping):
            colon = self._after_colon(parent, node)
            above = self._line_end(start - node.start.column - 1)
            return [TextEdit(colon, colon, f" {new}"), TextEdit(above, end, "")]
        if start == end:
            start = end = self._after_colon(parent, node)
            new = f" {new}" if self._text[start - 1] in ":-" else f": {new}"
        return [TextEdit(start, end, new)]

    def _inline_text(self, node: Node, new: Any) -> str:
        if not isinstance(new, str) or not isinstance(node, Scalar) or self._root.flow:
            return emit.flow(new, quoted=self._root.flow)
        if node.style == "'" and "\n" not in new and source.forbidden(new) is None:
            return "'" + new.replace("'", "''") + "'"
        if node.style not in ('"', "'") and emit.has_plain_form(new) and _is_text(new):
            return new
        return emit.double_quoted(new)

    def _block(self, parent: Mapping | Sequence, node: Node, new: Any) -> list[TextEdit]:
        """Replaces `node` by `new` as a block on separate lines."""
        start, end = node.start.index, self._content_end(node)
        lines = emit.block(new, self._style)
        if isinstance(new, str):
            text = self._indented(lines, parent.start.column + self._style.step)
            return [self._block_edit(start, end, text.lstrip(" "))]
        if isinstance(parent, Sequence):
            space = " " if start == end else ""
            column = node.start.column + len(space)
            return [self._block_edit(start, end, space + self._indented(lines, column).lstrip(" "))]
        text = self._indented(lines, self._column(parent, node, new))
        if _is_block(node):
            return [self._block_edit(start - node.start.column, end, text)]
        return self._scalar_to_block(parent, node, text)

    def _scalar_to_block(self, parent: Mapping | Sequence, node: Node, text: str) -> list[TextEdit]:
        end = self._content_end(node)
        colon = self._after_colon(parent, node)
        rest_of_line = self._line_end(end)
        return [
            self._block_edit(rest_of_line, rest_of_line, self._newline + text),
            TextEdit(colon, end, ""),
        ]

    def _column(self, parent: Mapping | Sequence, node: Node, new: Any) -> int:
        if _is_block(node) and isinstance(node, Mapping) == isinstance(new, dict):
            return node.start.column
        indent = self._style.step if isinstance(new, dict) else self._style.dash
        return parent.start.column + indent

    # Positions in the text

    def _indented(self, lines: list[str], column: int) -> str:
        return self._newline.join(" " * column + line if line else "" for line in lines)

    def _after_colon(self, parent: Mapping | Sequence, node: Node) -> int:
        """The position at which an empty value would be written."""
        if not isinstance(parent, Mapping):
            return node.start.index
        key = next(key for key, value in parent.pairs() if value is node)
        colon = re.compile(r"\s*:").match(self._text, key.end.index)
        return colon.end() if colon else node.start.index

    def _content_end(self, node: Node) -> int:
        """The end of the content of a node. libyaml ends a block where the next token begins."""
        if _is_block(node):
            return self._content_end(node.children[-1])
        end = node.end.index
        if not isinstance(node, Scalar) or node.style not in ("|", ">"):
            return end
        text = self._text[node.start.index : end]
        header = text.partition("\n")[0].partition("#")[0]
        body = re.sub(r"\r?\n\Z", "", text) if "+" in header else text.rstrip()
        return node.start.index + len(body)

    def _line_end(self, index: int) -> int:
        end = self._text.find("\n", index)
        end = len(self._text) if end < 0 else end
        return end - 1 if self._text.endswith("\r", 0, end) else end

    def _block_edit(self, start: int, end: int, text: str) -> TextEdit:
        # If the file does not end with a newline, a literal block (`|`) at its end would lose the
        # newline of its last line.
        return TextEdit(start, end, text + (self._newline if end == len(self._text) else ""))


def _style(root: Mapping) -> Style:
    """The most frequent indentation in the file."""
    steps = {Mapping: Counter[int](), Sequence: Counter[int]()}
    for parent, child in _blocks(root):
        if isinstance(parent, Mapping):
            steps[type(child)][child.start.column - parent.start.column] += 1
    step = steps[Mapping].most_common(1)[0][0] if steps[Mapping] else 2
    return Style(step, steps[Sequence].most_common(1)[0][0] if steps[Sequence] else step)


def _blocks(node: Mapping | Sequence) -> Iterator[tuple[Mapping | Sequence, Mapping | Sequence]]:
    for child in node.children:
        if _is_block(child):
            yield node, child
            yield from _blocks(child)


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        pairs = ((key, value) for key, value in node.pairs() if isinstance(key, Scalar))
        return next((value for key, value in pairs if key.text == part), None)
    if isinstance(node, Sequence) and isinstance(part, int) and 0 <= part < len(node.children):
        return node.children[part]
    return None


def _nested(path: Path, value: Any) -> Any:
    for part in reversed(path):
        value = {part: value} if isinstance(part, str) else [value]
    return value


def _is_block(node: Node) -> TypeGuard[Mapping | Sequence]:
    return isinstance(node, (Mapping, Sequence)) and not node.flow


def _fits_on_one_line(node: Node, new: Any) -> bool:
    if isinstance(new, str):
        is_literal_block = isinstance(node, Scalar) and node.style in ("|", ">")
        return not (is_literal_block and emit.block(new, Style())[0].startswith("|"))
    is_flow = isinstance(node, (Mapping, Sequence)) and node.flow and bool(node.children)
    return not new or not isinstance(new, (dict, list)) or is_flow


def _is_text(text: str) -> bool:
    try:
        return isinstance(strict_value(text), str)
    except ValueError:
        return False


def _describe_key(above: Path, part: str | int) -> str:
    if isinstance(part, int):
        return f"item [{part}]"
    return f"the key '{part}'" if key_may_be_quoted(above, part) else f"the key {KEY_NOT_SHOWN}"


def _describe_type(value: Any) -> str:
    if isinstance(value, dict):
        return "is a map"
    if value is None:
        return "does not exist yet"
    return f"is a list of {len(value)}" if isinstance(value, list) else "is a single value"
