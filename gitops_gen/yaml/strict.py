"""The strict YAML parser for hand-written files.

It accepts one document per file, records the position of each value, and refuses everything that
YAML parsers read differently.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Document, Path, Position, Values, dotted
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import KEY_NOT_SHOWN, NOT_SHOWN
from gitops_gen.yaml import nodes, source
from gitops_gen.yaml.nodes import Alias, DocumentRoot, Mapping, Node, Scalar, position
from gitops_gen.yaml.quoting import key_may_be_quoted, quotable
from gitops_gen.yaml.scalars import shown, strict_value

LIMITS = nodes.Limits(depth=64, values=100_000)


def parse(data: bytes, file: str, *, any_size: bool = False) -> Document:
    """Parses YAML or JSON like the Go parsers of Helm and Argo CD.

    Raises InvalidInput for everything that other parsers would read differently. Large integers are
    accepted only with `any_size`, for values that become strings before Helm reads them.
    """
    text = source.decode(data, file).removeprefix(source.BOM)
    reader = _YamlReader(file, root(text, file), any_size)
    value = reader.document()
    if reader.findings:
        raise source.refuse(reader.findings)
    return Document(value, reader.keys, reader.values)


def root(text: str, file: str) -> Mapping:
    """The root map of the only document in `text`. Raises InvalidInput for any other content."""
    documents = nodes.compose(text, file, LIMITS)
    first = next(documents, None)
    if first is None:
        problem = "contains only comments" if text.strip() else "is empty"
        raise _refused(Position(file), f"the file {problem}; {_WRITE_A_KEY}")
    if second := next(documents, None):
        message = "a second document begins here, but a file has one document; remove the '---'"
        raise _refused(position(file, second.start), message)
    return _require_map(first, file)


def _require_map(first: DocumentRoot, file: str) -> Mapping:
    if first.directives:
        message = "directives (%YAML, %TAG) are not allowed; remove the line"
        raise _refused(position(file, first.start), message)
    if isinstance(first.node, Mapping):
        return first.node
    if isinstance(first.node, Scalar) and not first.node.text:
        raise _refused(Position(file), f"the file is empty; {_WRITE_A_KEY}")
    kind = "a single value" if isinstance(first.node, Scalar) else "a list"
    message = f"the file contains {kind}; write a map ('key: value')"
    raise _refused(position(file, first.node.start), message)


_WRITE_A_KEY = "write at least one key with a value"
_AMBIGUOUS = f"YAML parsers read {NOT_SHOWN} differently; quote it"


def _refused(place: Position, message: str) -> InvalidInput:
    return InvalidInput.at(place, message, source.RULE)


def _display_tag(tag: str) -> str:
    return shown(tag.replace("tag:yaml.org,2002:", "!!"))


class _YamlReader:
    def __init__(self, file: str, root: Mapping, any_size: bool) -> None:
        self._file, self._root, self._any_size = file, root, any_size
        self.findings: dict[tuple[Position, str], None] = {}
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}

    def document(self) -> Values:
        value: Values = self._value(self._root, ())
        return value

    @cached_property
    def _quotable(self) -> Hidden:
        """The values that messages must hide. They are computed only if there is a finding."""
        return quotable(self._root)

    def _value(self, node: Node, path: Path) -> Any:
        # The position of an alias is that of its anchor, because the value is changed there.
        target = node.target if isinstance(node, Alias) else node
        self.values[path] = position(self._file, target.start)
        if target.tag is not None:
            self._refuse(target, path, self._tag_message(path, target.tag))
        if isinstance(target, Scalar):
            return self._scalar(target, path)
        if isinstance(target, Mapping):
            return self._mapping(target, path)
        return [self._value(item, (*path, index)) for index, item in enumerate(target.children)]

    def _scalar(self, node: Scalar, path: Path) -> Any:
        if node.style:
            return self._text(node, path)
        self._check_question_mark(node, path)
        try:
            return strict_value(node.text, any_size=self._any_size)
        except ValueError as error:
            may_be_quoted = self._quotable.shows(path, node.text)
            self._refuse(node, path, str(error) if may_be_quoted else _AMBIGUOUS)
            return None

    def _tag_message(self, path: Path, tag: str) -> str:
        if self._quotable.shows(path, tag):
            return f"the tag {_display_tag(tag)} is not allowed; remove it"
        return f"{NOT_SHOWN} begins with '!', which YAML reads as a tag; quote it"

    def _check_question_mark(self, node: Scalar, path: Path) -> None:
        # libyaml reads '?' as part of the scalar; Go's parsers read it as the start of a complex
        # key.
        if node.flow and "?" in node.text:
            text = shown(node.text) if self._quotable.shows(path, node.text) else NOT_SHOWN
            self._refuse(node, path, f"{text} contains '?'; quote it inside {{…}} or […]")

    def _text(self, node: Scalar, path: Path) -> str:
        problem = source.forbidden(node.text.replace("\r", ""))
        if problem:
            self._refuse(node, path, f"the text contains {problem}; remove it")
        return node.text

    def _mapping(self, node: Mapping, path: Path) -> Values:
        result: Values = {}
        for key_node, value_node in node.pairs():
            key = self._key(key_node, path)
            if key is None:
                continue
            item_path = (*path, key)
            if key in result:
                self._refuse_repeated(key_node, item_path)
                continue
            self.keys[item_path] = position(self._file, key_node.start)
            result[key] = self._value(value_node, item_path)
        return result

    def _refuse_repeated(self, node: Node, path: Path) -> None:
        first = f"first defined on line {self.keys[path].line}; remove one of the two"
        if key_may_be_quoted(path[:-1], str(path[-1])):
            self._refuse(node, path, f"duplicate key, {first}")
        else:
            self._refuse(node, path[:-1], f"duplicate key {KEY_NOT_SHOWN}, {first}")

    def _key(self, node: Node, path: Path) -> str | None:
        if not isinstance(node, Scalar) or node.tag is not None:
            self._refuse(node, path, "this key is not a string; quote it")
            return None
        if node.style:
            return self._text(node, path)
        if node.text == "<<":
            self._refuse(node, path, "merge keys (<<) are not allowed; write the keys explicitly")
            return None
        self._check_question_mark(node, path)
        return self._plain_key(node, path)

    def _plain_key(self, node: Scalar, path: Path) -> str | None:
        try:
            key = strict_value(node.text)
        except ValueError:
            key = None
        if isinstance(key, str):
            return key
        if key_may_be_quoted(path, node.text):
            text = shown(node.text)
            advice = f'the key {text} is not read as a string; quote it: "{text}"'
        else:
            advice = f"the key {KEY_NOT_SHOWN} is not read as a string; quote it"
        self._refuse(node, path, advice)
        return None

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        text = f"{dotted(path)}: {message}" if path else message
        self.findings[position(self._file, node.start), text] = None
        if len(self.findings) > source.MAX_FINDINGS:
            raise source.refuse(self.findings)
