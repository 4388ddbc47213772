"""Text -> tree of nodes with their positions, from the events of libyaml.

Go's YAML readers are ports of libyaml, so its tokens are theirs; what the tokens mean
(`scalars`) and what is refused (`strict`, `lenient`) is decided here and above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position
from gitops_gen.yaml.source import RULE
from gitops_gen.yaml.syntax import explained, too_deep


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be; `values` counts what an alias stands for each time."""

    depth: int
    values: int


class ReaderMark(Protocol):
    """A position as libyaml gives it: counted from 0, in characters."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(slots=True)
class Scalar:
    text: str
    style: str
    """`'`, `"`, `|`, `>`, or nothing for a plain one."""
    flow: bool
    """Inside {…} or […]."""
    tag: str | None
    anchor: str | None
    start: ReaderMark
    end: ReaderMark


@dataclass(slots=True)
class Collection:
    """`children` of a map are key, value, key, value, …"""

    flow: bool
    tag: str | None
    anchor: str | None
    start: ReaderMark
    end: ReaderMark
    children: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class Mapping(Collection):
    def pairs(self) -> Iterator[tuple[Node, Node]]:
        children = iter(self.children)
        return zip(children, children, strict=True)


@dataclass(slots=True)
class Sequence(Collection):
    pass


@dataclass(slots=True)
class Alias:
    target: Scalar | Mapping | Sequence
    anchor: str
    start: ReaderMark
    end: ReaderMark


# The message does not quote the name: a password that begins with * looks the same.
_NO_ANCHOR = (
    "this alias (*) refers to no anchor; write the anchor (&) before it, or put the text in quotes"
)

Node: TypeAlias = Scalar | Mapping | Sequence | Alias


@dataclass(slots=True)
class DocumentRoot:
    start: ReaderMark
    directives: bool
    node: Node


def position(file: str, mark: ReaderMark) -> Position:
    return Position(file, mark.line + 1, mark.column + 1)


def compose(text: str, file: str, limits: Limits) -> Iterator[DocumentRoot]:
    """The documents of `text` (without byte order mark), one by one."""
    return _Composer(text, file, limits).roots()


class _Composer:
    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self._text, self._file, self._limits = text, file, limits
        self._anchors: dict[str, Scalar | Mapping | Sequence] = {}
        self._open: list[Mapping | Sequence] = []
        self._values = 0
        self._handlers = self._handler_of_each_event()

    def roots(self) -> Iterator[DocumentRoot]:
        from yaml import YAMLError, events

        parser = _parser(self._text)
        try:
            parser.get_event()
            while not isinstance(start := parser.get_event(), events.StreamEndEvent):
                self._anchors = {}
                directives = bool(start.version or start.tags)
                yield DocumentRoot(start.start_mark, directives, self._tree(parser.get_event))
                parser.get_event()
        except YAMLError as error:
            if (read := too_deep(error)) is not None:
                # libyaml looks ahead: our own, lower limit is somewhere in what it has read.
                yield from compose(self._text[:read], self._file, self._limits)
            raise explained(error, self._text, self._file) from error

    def _tree(self, next_event: Any) -> Node:
        # A loop and not a recursion: no input exhausts the stack.
        while True:
            event = next_event()
            node = self._handlers[event.__class__](event)
            if node is None:
                continue
            if not self._open:
                return node
            _adopt(self._open[-1], node)

    def _handler_of_each_event(self) -> dict[type, Callable[[Any], Node | None]]:
        """A handler gives the node that its event completes."""
        from yaml import events

        return {
            events.ScalarEvent: self._scalar,
            events.AliasEvent: self._alias,
            events.MappingStartEvent: lambda event: self._enter(Mapping, event),
            events.SequenceStartEvent: lambda event: self._enter(Sequence, event),
            events.MappingEndEvent: self._leave,
            events.SequenceEndEvent: self._leave,
        }

    def _scalar(self, event: Any) -> Scalar:
        self._count(1, event)
        anchor = event.anchor
        flow = bool(self._open) and self._open[-1].flow
        start, end = event.start_mark, event.end_mark
        node = Scalar(event.value, event.style or "", flow, event.tag, anchor, start, end)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _enter(self, kind: type[Mapping | Sequence], event: Any) -> Node | None:
        node = kind(event.flow_style, event.tag, event.anchor, event.start_mark, event.end_mark)
        self._open.append(node)
        self._count(1, event)
        self._check_depth(len(self._open), event)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return None

    def _leave(self, event: Any) -> Node:
        node = self._open.pop()
        node.end = event.end_mark
        return node

    def _alias(self, event: Any) -> Alias:
        name = event.anchor
        target = self._anchors.get(name)
        if target is None:
            raise self._refused(event, _NO_ANCHOR)
        if any(node is target for node in self._open):
            raise self._refused(event, "this alias refers to itself; write the value out")
        if isinstance(target, Collection):
            self._check_depth(len(self._open) + target.height, event)
        self._count(target.size if isinstance(target, Collection) else 1, event)
        return Alias(target, name, event.start_mark, event.end_mark)

    def _count(self, values: int, event: Any) -> None:
        self._values += values
        if self._values > (most := self._limits.values):
            raise self._refused(event, f"more than {most} values, aliases expanded; write fewer")

    def _check_depth(self, depth: int, event: Any) -> None:
        if depth > (most := self._limits.depth):
            raise self._refused(event, f"nested deeper than {most} levels; flatten it")

    def _refused(self, event: Any, message: str) -> InvalidInput:
        return InvalidInput.at(position(self._file, event.start_mark), message, RULE)


def _adopt(parent: Collection, node: Node) -> None:
    parent.children.append(node)
    value = node.target if isinstance(node, Alias) else node
    if isinstance(value, Collection):
        parent.size += value.size
        parent.height = max(parent.height, value.height + 1)
    else:
        parent.size += 1


def _parser(text: str) -> Any:
    try:
        from yaml._yaml import CParser
    except ImportError as error:
        message = "PyYAML was installed without libyaml; reinstall it from a wheel: pip install"
        raise ToolFailed(f"{message} --force-reinstall --only-binary PyYAML PyYAML") from error
    return CParser(text.encode())
