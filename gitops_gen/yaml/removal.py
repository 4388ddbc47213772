"""Removes one key from a YAML file. All other bytes of the file are kept."""

from __future__ import annotations

from typing import Any

from gitops_gen.model import Path
from gitops_gen.yaml import source, strict
from gitops_gen.yaml.change import AFFECTS_OTHER_VALUES, Editor, TextEdit, canonical, edit
from gitops_gen.yaml.comments import comments
from gitops_gen.yaml.nodes import Mapping, Node


def remove(data: bytes, file: str, path: Path) -> bytes:
    """`data` without the key at `path`, which must exist, and without the comments of its value.

    A map that becomes empty is kept as {}, because a missing map has another meaning.
    """
    old = strict.parse(data, file, any_size=True).value
    text = source.decode(data, file)
    body = text.removeprefix(source.BOM)
    remover = _Remover(body, file, path)
    if remover.is_only and len(path) > 1:
        return edit(data, file, path[:-1], {})
    return (text[: len(text) - len(body)] + remover.removed(_without(old, path))).encode()


def _without(value: Any, path: Path) -> Any:
    part, below = path[0], path[1:]
    if isinstance(value, list):
        return [_without(item, below) if i == part else item for i, item in enumerate(value)]
    items = ((key, item) for key, item in value.items() if below or key != part)
    return {key: _without(item, below) if key == part else item for key, item in items}


class _Remover(Editor):
    @property
    def _map(self) -> Mapping:
        parent = self._parents[-1]
        if self._missing_path or not isinstance(parent, Mapping):
            raise self._refused("is not a key of this file")
        return parent

    @property
    def is_only(self) -> bool:
        return len(self._map.children) == 2

    def removed(self, expected: Any) -> str:
        """The file without the key. Raises InvalidInput unless its value is `expected`."""
        cut = self._cut()
        edited = self._text[: cut.start] + cut.text + self._text[cut.end :]
        cut_text = self._text[cut.start : cut.end]
        lost = comments(self._text) - comments(edited)
        result = strict.parse(edited.encode(), self._file, any_size=True).value
        lost_elsewhere = any(comment not in cut_text for comment in lost)
        if canonical(result) != canonical(expected) or lost_elsewhere:
            raise self._refused(AFFECTS_OTHER_VALUES)
        return edited

    def _cut(self) -> TextEdit:
        parent = self._map
        pairs = list(parent.pairs())
        index = next(i for i, (_, value) in enumerate(pairs) if value is self._node)
        if self.is_only:
            return TextEdit(parent.start.index, self._content_end(parent), "{}")
        if not parent.flow:
            return self._lines_of(*pairs[index])
        if index + 1 < len(pairs):
            return TextEdit(pairs[index][0].start.index, pairs[index + 1][0].start.index, "")
        return TextEdit(self._end(*pairs[index - 1]), self._end(*pairs[index]), "")

    def _lines_of(self, key: Node, value: Node) -> TextEdit:
        start = key.start.index - key.start.column
        if self._text[start : key.start.index].strip():
            raise self._refused("the line also contains another value")
        end = self._text.find("\n", self._end(key, value)) + 1
        if end:
            return TextEdit(start, end, "")
        # The last line has no line break, so the line break before it is removed.
        return TextEdit(len(self._text[:start].removesuffix(self._newline)), len(self._text), "")

    def _end(self, key: Node, value: Node) -> int:
        """The end of a key and its value. An empty value has no position after its key."""
        return max(key.end.index, self._content_end(value))
