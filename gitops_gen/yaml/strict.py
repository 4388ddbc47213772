"""The reader of what people write: one document, each value with its position.

What programs read in different ways is refused.
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


def parse(data: bytes, file: str) -> Document:
    """YAML or JSON, read as Helm's and Argo CD's Go readers read it, or refused."""
    text = source.decode(data, file).removeprefix(source.BOM)
    reader = _YamlReader(file, root(text, file))
    value = reader.document()
    if reader.findings:
        raise source.refuse(reader.findings)
    return Document(value, reader.keys, reader.values)


def root(text: str, file: str) -> Mapping:
    """The only document of `text`, which is a map."""
    documents = nodes.compose(text, file, LIMITS)
    first = next(documents, None)
    if first is None:
        content = "only comments" if text.strip() else "nothing"
        raise _refused(Position(file), f"holds {content}; write at least one key and its value")
    if second := next(documents, None):
        message = "a second document begins here; a file holds one: remove the '---' between them"
        raise _refused(position(file, second.start), message)
    return _map(first, file)


def _map(first: DocumentRoot, file: str) -> Mapping:
    if first.directives:
        message = "a directive (%YAML, %TAG) is not needed; remove the line"
        raise _refused(position(file, first.start), message)
    if isinstance(first.node, Mapping):
        return first.node
    if isinstance(first.node, Scalar) and not first.node.text:
        raise _refused(Position(file), "holds nothing; write at least one key and its value")
    kind = "a single value" if isinstance(first.node, Scalar) else "a list"
    raise _refused(position(file, first.node.start), f"holds {kind}; write a map: 'key: value'")


_MISREAD = f"{NOT_SHOWN} is not read by all programs as it is written; put it in quotes"


def _refused(place: Position, message: str) -> InvalidInput:
    return InvalidInput.at(place, message, source.RULE)


def _tag(tag: str) -> str:
    return shown(tag.replace("tag:yaml.org,2002:", "!!"))


class _YamlReader:
    def __init__(self, file: str, root: Mapping) -> None:
        self._file, self._root = file, root
        self.findings: dict[tuple[Position, str], None] = {}
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}

    def document(self) -> Values:
        value: Values = self._value(self._root, ())
        return value

    @cached_property
    def _quotable(self) -> Hidden:
        """What messages may quote: it is computed only when something is wrong."""
        return quotable(self._root)

    def _value(self, node: Node, path: Path) -> Any:
        # What an alias stands for is placed where it is written: that is where to change it.
        target = node.target if isinstance(node, Alias) else node
        self.values[path] = position(self._file, target.start)
        if target.tag is not None:
            self._refuse(target, path, self._about_tag(path, target.tag))
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
            return strict_value(node.text)
        except ValueError as error:
            may_be_quoted = self._quotable.shows(path, node.text)
            self._refuse(node, path, str(error) if may_be_quoted else _MISREAD)
            return None

    def _about_tag(self, path: Path, tag: str) -> str:
        if self._quotable.shows(path, tag):
            return f"the tag {_tag(tag)} is not allowed; remove it"
        return f"{NOT_SHOWN} begins with a '!', which makes a tag; put it in quotes"

    def _check_question_mark(self, node: Scalar, path: Path) -> None:
        # libyaml takes it as part of the text, Go's readers as the mark of a key.
        if node.flow and "?" in node.text:
            text = shown(node.text) if self._quotable.shows(path, node.text) else NOT_SHOWN
            self._refuse(node, path, f"{text}: a '?' inside {{…}} or […] needs quotes")

    def _text(self, node: Scalar, path: Path) -> str:
        problem = source.forbidden(node.text.replace("\r", ""))
        if problem:
            self._refuse(node, path, f"the text holds {problem}; remove it")
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
        line = self.keys[path].line
        message = f"given twice, first on line {line}; keep one of the two"
        if key_may_be_quoted(path[:-1], str(path[-1])):
            self._refuse(node, path, message)
        else:
            self._refuse(node, path[:-1], f"the key {KEY_NOT_SHOWN} is {message}")

    def _key(self, node: Node, path: Path) -> str | None:
        if not isinstance(node, Scalar) or node.tag is not None:
            self._refuse(node, path, "this key is no plain text; write it out, or put it in quotes")
            return None
        if node.style:
            return self._text(node, path)
        if node.text == "<<":
            self._refuse(node, path, "a merge key (<<) can hide a typo; write the keys out")
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
            advice = f'the key {text} is not read as text; write "{text}" in quotes'
        else:
            advice = f"the key {KEY_NOT_SHOWN} is not read as text; put it in quotes"
        self._refuse(node, path, advice)
        return None

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        text = f"{dotted(path)}: {message}" if path else message
        self.findings[position(self._file, node.start), text] = None
        if len(self.findings) > source.MAX_FINDINGS:
            raise source.refuse(self.findings)
