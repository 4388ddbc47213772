"""The types that all packages share.

Of this project, this module imports only `secrets`, and only when a message is created, because
no message may show a secret.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from gitops_gen.secrets.hidden import Hidden

Values: TypeAlias = dict[str, Any]
"""Plain data as parsed from YAML: dicts with string keys, lists, str, int, float, bool, None."""

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list indexes that lead to a value, e.g. ("tiers", "backend", "args", 0)."""

Tree: TypeAlias = Mapping[str, bytes]
"""The files to write: path (relative to the repository, with "/") -> content."""


# GitHub Actions interprets a line that begins with this as a workflow command.
_COMMAND = re.compile(r"^(\s*)::")
_PLAIN_KEY = re.compile(r"[^\s.\[\]=\"'\\]+")
_ESCAPE = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)"

FIRST_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^.\[\]="'\s]+)"""
"""The pattern of the first key of a printed path (for a regular expression with DOTALL)."""
FOLLOWING_PARTS = rf"(?:\.{FIRST_KEY}|\[[0-9]{{1,6}}\])*"
"""The pattern of the keys and indexes that follow the first key."""


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The path of a value in the values or of a field in an object.

    It is printed as `tiers.backend.args[0]` or `metadata.labels."example.org/team"`. `set`
    parses the same notation, and there is no other.
    """

    parts: Path = ()

    @classmethod
    def parse(cls, text: str) -> FieldPath:
        """Parses a printed path. Raises ValueError if `text` is not in this notation."""
        pattern = rf"(?:(?:{FIRST_KEY}|\[[0-9]{{1,6}}\]){FOLLOWING_PARTS})?"
        if not re.fullmatch(pattern, text, re.DOTALL):
            raise ValueError("the text is not a field path")
        parts = re.findall(rf"({FIRST_KEY})|\[([0-9]+)\]", text, re.DOTALL)
        return cls(tuple(int(index) if index else _parsed_key(key) for key, index in parts))

    def child(self, part: str | int) -> FieldPath:
        return FieldPath((*self.parts, part))

    def __str__(self) -> str:
        return dotted(self.parts)


def dotted(path: Path, item_keys: Mapping[int, str] = MappingProxyType({})) -> str:
    """The path in the notation of `FieldPath`. A key that may be a secret is hidden.

    `item_keys` has the texts that replace indexes of lists, by their position in the path.
    """
    from gitops_gen.secrets.places import KEY_NOT_SHOWN, key_may_be_shown

    text = ""
    for index, part in enumerate(path):
        if isinstance(part, int):
            text += f"[{item_keys.get(index, part)}]"
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
    """The character that an escape sequence of `printable` represents.

    Raises ValueError for half of a surrogate pair.
    """
    code = escape[1]
    if len(code) == 1:
        return {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)
    character = chr(int(code[1:], 16))
    character.encode()
    return character


def printable(text: str) -> str:
    """The text on one line, without anything that a terminal or a CI service would execute."""
    text = _COMMAND.sub(r"\1\\x3a:", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def printable_lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A position in a file. Lines and columns count from 1, columns in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


COMMAND_LINE = Position("command line")
"""The position of a finding about arguments, which is not in a file."""


@dataclass(frozen=True, slots=True, order=True)
class ObjectId:
    """The identity of a Kubernetes object, independent of its API version."""

    group: str
    """Empty for the core group."""
    kind: str
    namespace: str
    """Empty for a cluster-scoped object, and for a manifest without a namespace."""
    name: str

    @classmethod
    def of(cls, api_version: str, kind: str, namespace: str, name: str) -> ObjectId:
        return cls(api_version.rpartition("/")[0], kind, namespace, name)

    @property
    def group_kind(self) -> tuple[str, str]:
        """The kind with its group, because Knative also has a kind "Service"."""
        return self.group, self.kind

    def is_called(self, text: str) -> bool:
        """Whether `text` names this object, as `Kind namespace/name`.

        `Kind.group namespace/name` distinguishes it from an object whose kind has the same name
        in another group. In this form, the core group is named `core`.
        """
        return text in (str(self), self._called(f"{self.kind}.{self.group or 'core'}"))

    def _called(self, kind: str) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{kind} {place}{self.name}"

    def __str__(self) -> str:
        return self._called(self.kind)


class Severity(StrEnum):
    """How serious a finding is, the most serious one first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def is_at_least(self, limit: Severity) -> bool:
        return _SEVERITIES.index(self) <= _SEVERITIES.index(limit)


_SEVERITIES = tuple(Severity)
SEVERITIES = "severities"
"""The key of the values that changes the severity of rules."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: what it requires, why, and how a user fixes what it reports.

    Each rule is a constant of the module that applies it. `rule_registry` discovers all rules.
    """

    id: str
    title: str
    """What the rule requires or reports, on one line."""
    why: str
    remedy: str
    severity: Severity = Severity.ERROR
    excusable: bool = False
    """Whether a finding of this rule can be excused (see `Excuse`), and whether the values can
    change its severity."""
    needs_field: bool = False
    """Whether an excuse must name the object and the field. The severity cannot be changed then."""
    bad: str = ""
    """An example of what the rule reports, in YAML; empty for rules without examples."""
    good: str = ""
    """The same example without the problem."""


@dataclass(frozen=True, slots=True)
class Related:
    """A second position that a finding refers to, with a message about it."""

    position: Position
    message: str

    def __post_init__(self) -> None:
        _without_tokens(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: its position, and a message that states what is wrong and what to do.

    No message contains a key, a token or a URL with a password: they are removed here.
    """

    rule: Rule
    message: str
    position: Position
    object: ObjectId | None = None
    """The rendered object that the finding is about."""
    field: FieldPath | None = None
    """The path of the value that the finding is about."""
    related: tuple[Related, ...] = ()
    changed_severity: Severity | None = None
    """The severity that the values give to the rule; None if they do not change it."""
    object_field: FieldPath | None = None
    """The field of `object` that the finding is about, for rules whose excuses must name it."""

    def __post_init__(self) -> None:
        _without_tokens(self)

    @property
    def severity(self) -> Severity:
        return self.changed_severity or self.rule.severity

    def __str__(self) -> str:
        mark = "" if self.severity is Severity.ERROR else f"{self.severity}: "
        return printable(f"{self.position}: {mark}{self.message}")


def _without_tokens(
    item: Finding | Related | Excuse | NotChecked, attribute: str = "message"
) -> None:
    from gitops_gen.secrets.hidden import without_tokens

    # This is the only way to change an attribute of a frozen dataclass.
    object.__setattr__(item, attribute, without_tokens(getattr(item, attribute)))


@dataclass(frozen=True, slots=True)
class Excuse:
    """The reason why an environment accepts a finding of a rule.

    An excuse is a comment `# allow: rule-id reason` at the end of the finding's line, or an entry
    of `ignore` in the values. An entry refers to a value by `path`, or to a rendered object by
    `object`.
    """

    rule: str
    reason: str = field(compare=False)
    """The reason, without secrets. Which parts are hidden depends on the environment, so the reason
    is not compared to decide whether two environments have the same excuse."""
    position: Position
    path: str | None = None
    object: str | None = None
    field: str | None = None
    """The field of the object; None if the excuse covers all fields."""
    lines: frozenset[int] = frozenset()
    """The first lines of the values that end on the line of a comment and span several lines."""

    def __post_init__(self) -> None:
        _without_tokens(self, "reason")

    @property
    def is_comment(self) -> bool:
        return self.path is None and self.object is None

    def covers(self, finding: Finding) -> bool:
        """Whether this excuse applies to the finding, provided that its rule is excusable."""
        if finding.rule.id != self.rule or (finding.rule.needs_field and self.field is None):
            return False
        if self.object is not None:
            same = finding.object is not None and finding.object.is_called(self.object)
            return same and self.field in (None, str(finding.object_field))
        if self.path is not None:
            return finding.field is not None and str(finding.field) == self.path
        place = finding.position
        same_file = place.file == self.position.file
        return same_file and (place.line == self.position.line or place.line in self.lines)


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that does not count, with its excuse."""

    finding: Finding
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML (or JSON) document with the position of every key and value.

    `keys` and `values` map the path of a value to the position of its key and of the value
    itself. `values[()]` is the document. List items have no entry in `keys`.
    """

    value: Any
    keys: Mapping[Path, Position]
    values: Mapping[Path, Position]


@dataclass(frozen=True, slots=True)
class Pin:
    """An upstream chart. `repository` is an https:// or oci:// URL."""

    repository: str
    chart: str
    version: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The source position of a merged value: of its key (in a list, of the item) and of the
    value."""

    key: Position
    value: Position
    default: bool = False
    """Whether the value is a default of gitops-gen, and not written in a file of the user."""


def _with_null(values: Values, path: Path) -> Values:
    """The values with null at `path`, if it is a path of keys in maps."""
    key, rest = path[0], path[1:]
    if not isinstance(key, str):
        return values
    if not rest:
        return {**values, key: None}
    inner = values.get(key)
    return {**values, key: _with_null(inner, rest)} if isinstance(inner, dict) else values


@dataclass(frozen=True)
class Environment:
    """The configuration of one cluster: merged and complete values, each with its source.

    `sources` has the source position of every path in `values`. A map that several layers wrote
    has the position in the last of them.
    """

    name: str
    values: Values
    sources: Mapping[Path, Mark] = field(repr=False)
    file: str
    removed: Mapping[Path, Mark] = field(default_factory=dict, repr=False)
    """The positions of the nulls that remove a path from `values`."""
    message_file: str = ""
    """The name of `file` in messages, if they must include its revision."""
    replaced: frozenset[Path] = frozenset()
    """Sections of built-in components in which the user configures another chart instead."""
    excuses: tuple[Excuse, ...] = field(default=(), repr=False)
    chart_nulls: frozenset[Path] = frozenset()
    """The nulls that remove no value of a lower layer. In the values of an upstream chart, they
    remove defaults of the chart."""
    locked: Mapping[Pin, str] = field(default_factory=dict, repr=False)
    """The SHA-256 digests of the archives of upstream charts, from charts/upstream/charts.lock."""
    app_versions: Mapping[Pin, str] = field(default_factory=dict, repr=False)
    """The versions of the applications in upstream charts, from charts/upstream/charts.lock."""
    pinned_charts: Mapping[str, Pin] = field(default_factory=dict, repr=False)
    """The upstream charts in charts/upstream/Chart.yaml, by the names of their add-ons."""

    def get(self, *path: str, default: Any = None) -> Any:
        """The value at a path of keys, or `default` if a key of the path is missing or null."""
        value: Any = self.values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None else value

    def chart_values(self, *path: str) -> Values:
        """The values for an upstream chart at a path, with the nulls that remove its defaults."""
        values: Values = self.get(*path, default={})
        below = len(path)
        for null in sorted(self.chart_nulls, key=str):
            if null[:below] == path and len(null) > below:
                values = _with_null(values, null[below:])
        return values

    def enabled(self, *path: str) -> bool:
        """Whether the section exists, is not disabled, and belongs to the built-in component."""
        if path in self.replaced:
            return False
        section = self.get(*path)
        return isinstance(section, dict) and section.get("enabled", True) is not False

    def written(self, *path: str | int) -> bool:
        """Whether a file of the user sets the value or a value below it; defaults do not count."""
        mark = self.sources.get(path)
        return mark is not None and not mark.default

    @cached_property
    def hidden(self) -> Hidden:
        """The values that no message about this environment may show."""
        from gitops_gen.secrets.hidden import Hidden

        written = {path: mark.value for path, mark in self.sources.items() if not mark.default}
        return Hidden.of(self.values, written)

    def position(self, path: Path, *, key: bool = False) -> Position:
        """The position at which `path` was written, even if in the defaults.

        For a missing value, this is the null that removed it, or its parent in the user's files.
        """
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
        """Like `position`, but always in the user's files, because a user cannot change
        defaults."""
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
        object_field: FieldPath | None = None,
    ) -> Finding:
        """A finding about a value. Its message begins with the path of the value.

        Values in `message` that may be secrets are hidden.
        """
        shown = self.hidden.masked(message, path)
        text = f"{dotted(path)}: {shown}" if path else shown
        field = FieldPath(path) if path else None
        return Finding(
            rule,
            text,
            self.place(path, key=key),
            rendered,
            field,
            related,
            object_field=object_field,
        )

    def split(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Excused, ...]]:
        """The findings that count, and the findings that the environment excuses.

        All of them have the severity that the environment gives to their rule.
        """
        counting: list[Finding] = []
        excused: list[Excused] = []
        for finding in map(self._with_severity, findings):
            excuse = self._excuse(finding)
            if excuse is None:
                counting.append(finding)
            else:
                excused.append(Excused(finding, excuse))
        used = {item.excuse for item in excused}
        return tuple(self._with_similar_excuse(item, used) for item in counting), tuple(excused)

    def _with_severity(self, finding: Finding) -> Finding:
        """The finding. Only the severity of an excusable rule can be changed."""
        can_change = finding.rule.excusable and not finding.rule.needs_field
        stated: Any = self.values.get(SEVERITIES) if can_change else None
        text = stated.get(finding.rule.id) if isinstance(stated, dict) else None
        if text not in _SEVERITIES:
            return finding
        return replace(finding, changed_severity=Severity(text))

    def _with_similar_excuse(self, finding: Finding, used: Container[Excuse]) -> Finding:
        """The finding. The message names an unused excuse for an object with a similar name."""
        from difflib import get_close_matches

        name = str(finding.object)
        for excuse in self.excuses if finding.rule.excusable else ():
            written = excuse.object if excuse.rule == finding.rule.id else None
            if excuse not in used and written and get_close_matches(name, [written], cutoff=0.65):
                text = f"the entry of ignore at {excuse.position} names {written}, not {name}"
                return replace(finding, message=f"{finding.message}; {text}")
        return finding

    def _excuse(self, finding: Finding) -> Excuse | None:
        excuses = self.excuses if finding.rule.excusable else ()
        return next((excuse for excuse in excuses if excuse.covers(finding)), None)


@dataclass(frozen=True, slots=True)
class NotChecked:
    """How many objects of a kind, or how many references, could not be judged, and why."""

    kind: str
    """The kind with its API group, as in `Application.argoproj.io`, or what is counted."""
    count: int
    reason: str

    def __post_init__(self) -> None:
        _without_tokens(self, "reason")


@dataclass(frozen=True, slots=True)
class ObjectCounts:
    """How many rendered objects of an environment have which outcome."""

    environment: str
    holds: int = 0
    found: int = 0
    """The objects with at least one finding, including excused findings."""
    not_checked: tuple[NotChecked, ...] = ()
    not_rendered: str = ""
    """Why there are no objects to judge; empty if there are."""
    notes: tuple[str, ...] = ()
    """What cannot be determined for this version of Kubernetes, independent of the object."""
    not_determined: tuple[NotChecked, ...] = ()
    """What the rules about several objects could not determine, such as whether a Secret exists in
    the cluster. These are not numbers of objects."""

    @property
    def unjudged(self) -> int:
        return sum(part.count for part in self.not_checked)

    @property
    def total(self) -> int:
        return self.holds + self.found + self.unjudged


@dataclass(frozen=True, slots=True)
class Checked:
    """The checked environments, with the findings that count and the excused findings."""

    environments: tuple[str, ...]
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...] = ()
    objects: tuple[ObjectCounts, ...] = ()
    """One entry per environment; empty if the command does not judge rendered objects."""
    not_applied: tuple[str, ...] = ()
    """The groups of rules and the rules that the command line left out."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)
