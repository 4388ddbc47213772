"""The few types that all packages share.

It imports `secrets` and nothing else of this project, and only when a message is made: no message
shows a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from gitops_gen.secrets.hidden import Hidden

Values: TypeAlias = dict[str, Any]
"""Plain data as YAML gives it: dicts with string keys, lists, str, int, float, bool, None."""

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list indexes that lead to a value, for instance ("tiers", "backend", "args", 0)."""

Tree: TypeAlias = Mapping[str, bytes]
"""The files to be written: path (relative to the repository, with "/") -> content."""


# GitHub takes a line that begins with this for a command.
_COMMAND = re.compile(r"^(\s*)::")
_PLAIN_KEY = re.compile(r"[^\s.\[\]=\"'\\]+")
_ESCAPE = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)"

FIRST_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^.\[\]="'\s]+)"""
"""The pattern of the key that a printed path begins with (for a regular expression with DOTALL)."""
FOLLOWING_PARTS = rf"(?:\.{FIRST_KEY}|\[[0-9]{{1,6}}\])*"
"""The pattern of the keys and indexes that follow it."""


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Where a value stands in the values, or a field in an object: this is the one notation.

    It is printed as `tiers.backend.args[0]` or `metadata.labels."example.org/team"`, and `set`
    reads the same.
    """

    parts: Path = ()

    @classmethod
    def parse(cls, text: str) -> FieldPath:
        """Raises ValueError for a text that is not the notation of a path."""
        pattern = rf"(?:(?:{FIRST_KEY}|\[[0-9]{{1,6}}\]){FOLLOWING_PARTS})?"
        if not re.fullmatch(pattern, text, re.DOTALL):
            raise ValueError("the text is not a field path")
        parts = re.findall(rf"({FIRST_KEY})|\[([0-9]+)\]", text, re.DOTALL)
        return cls(tuple(int(index) if index else _parsed_key(key) for key, index in parts))

    def child(self, part: str | int) -> FieldPath:
        return FieldPath((*self.parts, part))

    def __str__(self) -> str:
        return dotted(self.parts)


def dotted(path: Path) -> str:
    """The path as `FieldPath` prints it; a key that may be a secret is not printed."""
    from gitops_gen.secrets.places import KEY_NOT_SHOWN, key_may_be_shown

    text = ""
    for index, part in enumerate(path):
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            shown = part != KEY_NOT_SHOWN and key_may_be_shown(path[:index], part)
            key = _printed_key(part) if shown else KEY_NOT_SHOWN
            text += f".{key}" if text else key
    return text


def _printed_key(key: str) -> str:
    if _PLAIN_KEY.fullmatch(key) and key.isprintable():
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{printable(escaped)}"'


def _parsed_key(text: str) -> str:
    if text[0] == '"':
        return re.sub(_ESCAPE, _unescaped, text[1:-1], flags=re.DOTALL)
    return text[1:-1] if text[0] == "'" else text


def _unescaped(escape: re.Match[str]) -> str:
    """The character that an escape of `printable` stands for. Raises ValueError for half of one."""
    code = escape[1]
    if len(code) == 1:
        return {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)
    character = chr(int(code[1:], 16))
    character.encode()
    return character


def printable(text: str) -> str:
    """The text as one line without anything that a terminal or a CI service takes for a command."""
    text = _COMMAND.sub(r"\1\\x3a:", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def printable_lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, column in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class ObjectId:
    """Which Kubernetes object, whatever the version of its API: as the API server stores it."""

    group: str
    """Empty for the core group."""
    kind: str
    namespace: str
    """Empty for a cluster-scoped object, and in a manifest that does not name its namespace."""
    name: str

    @classmethod
    def of(cls, api_version: str, kind: str, namespace: str, name: str) -> ObjectId:
        return cls(api_version.rpartition("/")[0], kind, namespace, name)

    @property
    def group_kind(self) -> tuple[str, str]:
        """The kind with its group: "Service" is also a kind of Knative's."""
        return self.group, self.kind

    def is_called(self, text: str) -> bool:
        """Whether a user means this object by `Kind namespace/name`.

        `Kind.group namespace/name` tells it from an object of another group, whose kind has the
        same name; the core group is called `core` there.
        """
        return text in (str(self), self._called(f"{self.kind}.{self.group or 'core'}"))

    def _called(self, kind: str) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{kind} {place}{self.name}"

    def __str__(self) -> str:
        return self._called(self.kind)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is checked, why, and what a user does about it.

    Each rule is a constant of the module that applies it; `rule_registry` finds them all.
    """

    id: str
    title: str
    """What the rule requires, or what it reports: one line."""
    why: str
    remedy: str
    severity: Severity = Severity.ERROR
    excusable: bool = False
    """Whether an environment may keep what the rule reports: see `Excuse`."""


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding is about, and what is there."""

    position: Position
    message: str

    def __post_init__(self) -> None:
        _without_tokens(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and (in the message) what to do about it.

    No message holds a key, a token or an address with a password, wherever it comes from.
    """

    rule: Rule
    message: str
    position: Position
    object: ObjectId | None = None
    """The rendered object that the finding is about."""
    field: FieldPath | None = None
    """Where the value is that the finding is about."""
    related: tuple[Related, ...] = ()

    def __post_init__(self) -> None:
        _without_tokens(self)

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    def __str__(self) -> str:
        mark = "" if self.severity is Severity.ERROR else f"{self.severity}: "
        return printable(f"{self.position}: {mark}{self.message}")


def _without_tokens(item: Finding | Related | Excuse, attribute: str = "message") -> None:
    from gitops_gen.secrets.hidden import without_tokens

    # There is no other way to change an attribute of a frozen dataclass.
    object.__setattr__(item, attribute, without_tokens(getattr(item, attribute)))


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why an environment keeps what a rule reports.

    It is written as `# allow: rule-id reason` at the end of the finding's line, or as an entry of
    `ignore` in the values. An entry names a value by its `path` or a rendered object by `object`.
    """

    rule: str
    reason: str = field(compare=False)
    """As it may be shown. What it hides depends on the environment, so that it tells nothing
    about whether two environments have the same excuse."""
    position: Position
    path: str | None = None
    object: str | None = None
    lines: frozenset[int] = frozenset()
    """Of a comment behind a value that is written over several lines: where this begins."""

    def __post_init__(self) -> None:
        _without_tokens(self, "reason")

    @property
    def is_comment(self) -> bool:
        return self.path is None and self.object is None

    def covers(self, finding: Finding) -> bool:
        """Whether this excuse is for that finding, if its rule may be excused."""
        if finding.rule.id != self.rule:
            return False
        if self.object is not None:
            return finding.object is not None and finding.object.is_called(self.object)
        if self.path is not None:
            return finding.field is not None and str(finding.field) == self.path
        place = finding.position
        same_file = place.file == self.position.file
        return same_file and (place.line == self.position.line or place.line in self.lines)


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that does not count, and why."""

    finding: Finding
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML (or JSON) document with the position of every key and value.

    `keys` and `values` map the path of a value to the place of its key and of the value
    itself; `values[()]` is the document. List items have no entry in `keys`.
    """

    value: Any
    keys: Mapping[Path, Position]
    values: Mapping[Path, Position]


@dataclass(frozen=True, slots=True)
class Pin:
    """An upstream chart: `repository` is an https:// or oci:// address."""

    repository: str
    chart: str
    version: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a final value was written: its key (the item itself in a list) and the value."""

    key: Position
    value: Position
    default: bool = False
    """Written by the package's defaults, not by a file of the user's."""


@dataclass(frozen=True)
class Environment:
    """The configuration of one cluster: merged and complete values, each with its source.

    `sources` holds a mark for every path of `values`; a map that several layers wrote has
    the mark of the last of them.
    """

    name: str
    values: Values
    sources: Mapping[Path, Mark] = field(repr=False)
    file: str
    removed: Mapping[Path, Mark] = field(default_factory=dict, repr=False)
    """Where a null keeps a path out of `values`."""
    message_file: str = ""
    """What messages call `file`, where they have to name its revision too."""
    replaced: frozenset[Path] = frozenset()
    """Sections of our components that hold charts of the user's own instead."""
    excuses: tuple[Excuse, ...] = field(default=(), repr=False)

    def get(self, *path: str, default: Any = None) -> Any:
        """The value at a path of keys, `default` where a key on the way is missing or null."""
        value: Any = self.values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None else value

    def enabled(self, *path: str) -> bool:
        """Whether the section is there, not switched off and that of our component."""
        if path in self.replaced:
            return False
        section = self.get(*path)
        return isinstance(section, dict) and section.get("enabled", True) is not False

    def written(self, *path: str | int) -> bool:
        """Whether a file of the user's has a value here or below; our defaults do not count."""
        mark = self.sources.get(path)
        return mark is not None and not mark.default

    @cached_property
    def hidden(self) -> Hidden:
        """What no message about this environment may show."""
        from gitops_gen.secrets.hidden import Hidden

        written = {path: mark.value for path, mark in self.sources.items() if not mark.default}
        return Hidden.of(self.values, written)

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Where `path` was written; for a missing one the null that removed it, or its parent in
        the user's files."""
        mark = self.sources.get(path)
        if mark is not None:
            return mark.key if key else mark.value
        while path:
            if path in self.removed:
                return self.removed[path].value
            path = path[:-1]
            mark = self.sources.get(path)
            if path and mark is not None and not mark.default:
                return mark.key
        return Position(self.message_file or self.file)

    def place(self, path: Path, *, key: bool = False) -> Position:
        """As `position`, but always in the user's files: a user cannot change our defaults."""
        mark = self.sources.get(path)
        while mark is not None and mark.default and path:
            path, key = path[:-1], True
            mark = self.sources.get(path)
        return self.position(path, key=key) if path else Position(self.message_file or self.file)

    def finding(
        self,
        rule: Rule,
        path: Path,
        message: str,
        *,
        key: bool = False,
        rendered: ObjectId | None = None,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """A finding about a value; the message is led by the value's path.

        Whatever the rule quotes, the message shows no value that may be a secret.
        """
        shown = self.hidden.masked(message, path)
        text = f"{dotted(path)}: {shown}" if path else shown
        field = FieldPath(path) if path else None
        return Finding(rule, text, self.place(path, key=key), rendered, field, related)

    def split(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Excused, ...]]:
        """The findings that count, and those that the environment excuses."""
        counting: list[Finding] = []
        excused: list[Excused] = []
        for finding in findings:
            excuse = self._excuse(finding)
            if excuse is None:
                counting.append(finding)
            else:
                excused.append(Excused(finding, excuse))
        return tuple(counting), tuple(excused)

    def _excuse(self, finding: Finding) -> Excuse | None:
        excuses = self.excuses if finding.rule.excusable else ()
        return next((excuse for excuse in excuses if excuse.covers(finding)), None)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, what was found in it, and which of that is excused."""

    environments: tuple[str, ...]
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)
