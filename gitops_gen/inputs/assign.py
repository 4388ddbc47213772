"""`PATH=VALUE` -> a values file with that value in it, valid, or what is wrong with it.

A PATH is keys joined by dots, `"in.quotes"` where a key holds one, and `[0]` for an item of a
list. The schema says what a VALUE is: a tag 1.10 stays text, a number of replicas is a number;
where the schema leaves it open, it is what YAML reads. In quotes it is text, and null is null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.images import image_at, obsolete_beside
from gitops_gen.inputs.layers import Plain
from gitops_gen.inputs.load import Loaded, Loader, in_order
from gitops_gen.inputs.password_revisions import lowered
from gitops_gen.inputs.schema import parts
from gitops_gen.inputs.wording import (
    did_you_mean,
    path_of_unknown,
    show,
    type_names,
    unknown_key,
)
from gitops_gen.model import Document, Finding, Path, Position, Rule, Values, dotted
from gitops_gen.revisions import Overlay
from gitops_gen.secrets.hidden import PART_NOT_SHOWN, Hidden
from gitops_gen.secrets.places import is_sensitive

ASSIGNMENT = Rule(
    "assignment",
    title="An argument of `set` names a value that can be set",
    why="An argument that cannot be understood, or that adds an entry with almost the name of an "
    "existing one, is most likely misspelt.",
    remedy="Write PATH=VALUE with the path of a known value. A new entry with such a name is "
    "added to the values file with an editor.",
)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value: what the environment had, wherever from (None: nothing), and has now.

    `shown` says whether a report may show the two.
    """

    path: Path
    old: Any
    new: Any
    before: Position | None
    after: Position
    because: str = ""
    """Why a value changed that was not asked for."""
    shown: bool = True

    @property
    def alike(self) -> bool:
        """Unlike ==, this tells 1 from true."""
        return repr(self.old) == repr(self.new)


@dataclass(frozen=True, slots=True)
class Assigned:
    """`data` is what `file` is to hold; it is the caller who writes."""

    file: str
    data: bytes
    changes: tuple[ValueChange, ...]
    warnings: tuple[Finding, ...]
    """Those that the change brings; what was unwise before is for `check`."""
    differs: bool = True
    """Whether the file holds something else now."""


class BadAssignment(InvalidInput):
    """Arguments that name nothing that could be set; they have no place in a file.

    Its text has no line and column, where there is none; its findings name the file all the same.
    """

    def __init__(self, problems: Iterable[str], findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self.args = ("\n".join(problems),)

    def within(self, file: str) -> BadAssignment:
        """The same, with a finding for each line of its text."""
        lines = str(self).split("\n")
        found = [Finding(ASSIGNMENT, line, Position(file)) for line in lines]
        return BadAssignment(lines, self.findings or found)


@dataclass(frozen=True)
class Edit:
    """A values file with other values in it, which nobody has examined yet."""

    loader: Loader
    """Of the revision as it is."""
    name: str
    wanted: Mapping[Path, Any]
    before: Plain
    present: bytes
    """What the file holds."""
    data: bytes
    """What it is to hold."""

    @property
    def file(self) -> str:
        return files.environment_file(self.name)

    @property
    def revision(self) -> Overlay:
        """The revision as if the file held it."""
        return Overlay(self.loader.revision, {self.file: self.data})

    def assigned(self, loaded: Loaded, warnings_before: Iterable[Finding]) -> Assigned:
        """`loaded` is the environment with the other values."""
        changes = [_change(path, self.before, loaded) for path in self.wanted]
        changes += _of_the_reference(self.loader, self.wanted, self.before, loaded)
        told = ((one.path, one.old, one.new, one.after) for one in changes)
        warnings = (*_new(loaded.warnings, warnings_before), *lowered(told))
        differs = self.data != self.present
        return Assigned(self.file, self.data, tuple(changes), warnings, differs)

    def refused(self, findings: Iterable[Finding]) -> BadAssignment:
        """What is wrong with the result, at places that are in the file now."""
        schema = self.loader.schema(self.name)
        document = yaml.parse(self.data, self.file)
        strangers = _strangers(self.wanted, self.before, schema, document)
        whole = in_order([*strangers, *findings])
        return _as_it_is_now(whole, self.file, self.present, self.data)


def edited(loader: Loader, name: str, assignments: Sequence[str]) -> Edit:
    """Raises InvalidInput for arguments that name nothing that could be set."""
    files.chosen(loader.revision, [name])
    before, present = loader.merged(name), loader.revision.read(files.environment_file(name))
    try:
        wanted = _wanted(assignments, loader.schema(name))
        edit = Edit(loader, name, wanted, before, present, present)
        for path, value in wanted.items():
            edit = _with_value(edit, path, value)
    except BadAssignment as error:
        raise error.within(files.environment_file(name)) from error
    return edit


def _with_value(edit: Edit, path: Path, value: Any) -> Edit:
    loader, file, before = edit.loader, edit.file, edit.before
    try:
        _require_own_list(path, yaml.parse(edit.data, file), before)
        data = _edited(loader, edit.name, edit.data, path, value)
        data = _without_old_parts(loader, file, data, path, edit.wanted, before)
    except BadAssignment:
        raise
    except InvalidInput as error:
        raise edit.refused(error.findings) from error
    return replace(edit, data=data)


def _with(loader: Loader, file: str, data: bytes) -> Loader:
    """A loader that reads `file` as if it held `data`."""
    return replace(loader, revision=Overlay(loader.revision, {file: data}))


def _change(path: Path, before: Plain, loaded: Loaded) -> ValueChange:
    environment = loaded.environment
    mark = before.marks.get(path)
    old, new = _at(before.values, path), _at(environment.values, path)
    written = {path: mark.value for path, mark in before.marks.items() if not mark.default}
    was_shown = Hidden.of(before.values, written).shows(path, old)
    shown = was_shown and environment.hidden.shows(path, new)
    position_before = mark.value if mark else None
    return ValueChange(path, old, new, position_before, environment.position(path), shown=shown)


def _edited(loader: Loader, name: str, data: bytes, path: Path, value: Any) -> bytes:
    """A null removes what a lower layer wrote. What this file alone wrote goes without one."""
    file = files.environment_file(name)
    if value is not None or isinstance(path[-1], int):
        return yaml.edit(data, file, path, value)
    if path in yaml.parse(data, file).keys:
        without = yaml.remove(data, file, path)
        lower = _with(loader, file, without).merged(name)
        return yaml.edit(data, file, path, None) if path in lower.marks else without
    there = path in _with(loader, file, data).merged(name).marks
    known = (one.get("properties", {}) for one in parts(loader.schema(name), path[:-1]))
    idle = not there and any(path[-1] in properties for properties in known)
    return data if idle else yaml.edit(data, file, path, None)


def _without_old_parts(
    loader: Loader, file: str, data: bytes, path: Path, wanted: Mapping[Path, Any], before: Plain
) -> bytes:
    """Beside a new digest the old tag would be shown, and beside a new tag the old digest run."""
    image, value = image_at(path, loader.images), wanted[path]
    if image is None or path[:-1] != image or value in (None, _at(before.values, path)):
        return data
    for key in obsolete_beside(path[-1]):
        part = (*image, key)
        if part not in wanted and _at(yaml.parse(data, file).value, part) is not None:
            data = yaml.remove(data, file, part)
    return data


def _of_the_reference(
    loader: Loader, wanted: Mapping[Path, Any], before: Plain, loaded: Loaded
) -> Iterator[ValueChange]:
    """The tags and digests that went because another part of their image was set."""
    images = dict.fromkeys(image_at(path, loader.images) for path in wanted)
    parts = ((*image, key) for image in images if image for key in ("tag", "digest"))
    for path in parts:
        change = _change(path, before, loaded)
        if path not in wanted and change.old is not None and change.new is None:
            yield replace(change, because="it was part of the reference before")


# What there is to say of it


_PLACE = re.compile(r":[0-9]+:[0-9]+")


def _new(warnings: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """A warning that only moved is none of this change's."""
    known = {_PLACE.sub("", str(finding)) for finding in before}
    return tuple(finding for finding in warnings if _PLACE.sub("", str(finding)) not in known)


def _as_it_is_now(
    findings: Sequence[Finding], file: str, present: bytes, data: bytes
) -> BadAssignment:
    """The findings, whose places are those of a file that will not be written."""
    lines = _lines_that_stay(present, data)

    def place(found: re.Match[str]) -> str:
        line = lines.get(int(found[1]) - 1)
        return file if line is None else f"{file}:{line + 1}:{found[2]}"

    def text(of: str) -> str:
        return re.sub(rf"{re.escape(file)}:([0-9]+):([0-9]+)", place, of)

    def moved(where: Position) -> Position:
        line = lines.get(where.line - 1)
        if where.file != file:
            return where
        return Position(file) if line is None else Position(file, line + 1, where.column)

    def as_now(finding: Finding) -> Finding:
        related = tuple(replace(one, position=moved(one.position)) for one in finding.related)
        message, position = text(finding.message), moved(finding.position)
        return replace(finding, message=message, position=position, related=related)

    return BadAssignment(map(text, map(str, findings)), map(as_now, findings))


def _lines_that_stay(present: bytes, data: bytes) -> dict[int, int]:
    """Each line of `data` that `present` has too, and which line it is there; from 0."""
    from difflib import SequenceMatcher

    old, new = (content.decode().split("\n") for content in (present, data))
    lines: dict[int, int] = {}
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip(range(i, i_end), range(j, j_end), strict=False)
        # A value that was replaced is where it was: its key is the same.
        lines |= {n: o for o, n in pairs if old[o].partition(":")[0] == new[n].partition(":")[0]}
    return lines


# What the arguments say

_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^.\[\]="'\s]+)"""
_ARGUMENT = re.compile(rf"({_KEY}(?:\.{_KEY}|\[[0-9]{{1,6}}\])*)=(.*)", re.DOTALL)
_PART = re.compile(rf"({_KEY})|\[([0-9]+)\]")


def _wanted(assignments: Sequence[str], schema: Values) -> dict[Path, Any]:
    wanted: dict[Path, Any] = {}
    problems: list[str] = []
    for number, argument in enumerate(assignments, 1):
        try:
            path, text = _split(argument, _named(number, argument, schema))
            if path in wanted:
                raise BadAssignment([f"{dotted(path)}: is given twice; keep one of the two"])
            _require_known(path, schema, _numbered(number))
            wanted[path] = _value(path, text, schema)
        except BadAssignment as error:
            problems.append(str(error))
    if problems:
        raise BadAssignment(problems)
    return wanted


def _numbered(number: int) -> str:
    return f"argument {number} {PART_NOT_SHOWN}"


# What PATHs are mostly made of. Anything else may be a value that somebody wrote without a '='.
_MERE_PATH = re.compile(r"""([\w-]+)[\w./"'[\]-]*|""")


def _named(number: int, argument: str, schema: Values) -> str:
    """An argument as messages about its form show it: the PATH, if it certainly is one."""
    path, first = argument.partition("=")[0], _MERE_PATH.fullmatch(argument.partition("=")[0])
    known = first is not None and (not path or first[1] in schema["properties"])
    return show(path) if known else _numbered(number)


def _split(argument: str, shown: str) -> tuple[Path, str]:
    if "=" not in argument:
        example = "for instance tiers.backend.image.tag=1.4.2"
        raise BadAssignment([f"{shown}: there is no '='; write PATH=VALUE, {example}"])
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        rule = "join keys by dots, put a key with a dot in quotes, and write [0] for an item"
        raise BadAssignment([f"{shown}: is no PATH; {rule}"])
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise BadAssignment([f"{shown}: the argument is not UTF-8"]) from None
    return tuple(_parts(match.group(1))), match.group(2)


def _parts(path: str) -> Iterator[str | int]:
    for key, index in _PART.findall(path):
        if index:
            yield int(index)
        elif key[0] in "\"'":
            yield re.sub(r"\\(.)", r"\1", key[1:-1]) if key[0] == '"' else key[1:-1]
        else:
            yield key


# What the schema says of them


def _require_known(path: Path, schema: Values, numbered: str) -> None:
    """Raises BadAssignment. An unknown section may be a piece of a value, and is not quoted."""
    for end in range(1, len(path) + 1):
        above = parts(schema, path[: end - 1])
        if parts(schema, path[:end]) or not above:
            continue
        part, here = path[end - 1], path_of_unknown(path[:end], ())
        wanted = "array" if isinstance(part, int) else "object"
        if all("type" in one and wanted not in _types(one) for one in above):
            kind = "list" if isinstance(part, int) else "map"
            found = type_names(_types(above[0]))
            raise BadAssignment(
                [f"{here}: there is no {kind} here; {dotted(path[: end - 1])} is {found}"]
            )
        if isinstance(part, str) and all(one.get("additionalProperties") is False for one in above):
            known = {key: one for known in above for key, one in known["properties"].items()}
            here = path_of_unknown(path[:end], known)
            if end == 1 and not did_you_mean(part, known):
                here = numbered
            raise BadAssignment([f"{here}: {unknown_key(part, known)}"])


def _types(schema: Values) -> set[str]:
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _value(path: Path, text: str, schema: Values) -> Any:
    candidates = parts(schema, path)
    types = {name for one in candidates for name in _types(one)}
    words = any(isinstance(word, str) for one in candidates for word in one.get("enum", ()))
    if (types == {"string"} or (words and not types)) and not _QUOTED.fullmatch(text):
        return text
    if not text:
        raise BadAssignment(
            [f"{dotted(path)}: there is no value; write null to remove what a lower layer wrote"]
        )
    try:
        return _as_yaml(_speaking_key(path), text)
    except InvalidInput as error:
        if types and types <= {"integer", "number", "boolean", "null"}:
            # The schema's own message is the better one: 'two' is not an integer.
            return text
        lead = f"{dotted((_speaking_key(path),))}: "
        messages = (finding.message.removeprefix(lead) for finding in error.findings)
        raise BadAssignment(f"{dotted(path)}: {message}" for message in messages) from error


# What is not read as bare text even where nothing else than text is admitted.
_QUOTED = re.compile(r"""(".*"|'.*'|null)""", re.DOTALL)


def _speaking_key(path: Path) -> str:
    """A key for the value alone, which tells the YAML reader where secrets are written."""
    return "password" if is_sensitive(path) else "value"


def _as_yaml(key: str, text: str) -> Any:
    document = yaml.parse(f"{key}: {text}\n".encode(), "VALUE").value
    value = document[key]
    plain = value is None or isinstance(value, str)
    if len(document) > 1 or (plain and text[0] not in "\"'" and text not in ("null", "~")):
        return text  # a '#' in it begins no comment
    return value


# What it means for the file


def _require_own_list(path: Path, document: Document, before: Plain) -> None:
    """An item set in this layer alone would replace the whole list of a lower one."""
    for end, part in enumerate(path):
        place = path[:end]
        if not isinstance(part, int) or place in document.values or place not in before.marks:
            continue
        written = before.marks[place].value
        whole = f"give it whole: {dotted(place)}=[…]"
        raise BadAssignment([f"{dotted(path)}: the list is written at {written}; {whole}"])


def _strangers(
    wanted: Mapping[Path, Any], before: Plain, schema: Values, document: Document
) -> Iterator[Finding]:
    """New entries with a name much like one that was there: tiers.bakend."""
    for path in wanted:
        for end, part in enumerate(path):
            siblings = _at(before.values, path[:end])
            if not isinstance(part, str) or not isinstance(siblings, dict) or part in siblings:
                continue
            named = (one.get("properties", {}) for one in parts(schema, path[:end]))
            hint = did_you_mean(part, siblings)
            if hint and not any(part in properties for properties in named):
                place, here = document.keys[path[: end + 1]], dotted(path[: end + 1])
                yield Finding(ASSIGNMENT, f"{here}: is new{hint}", place, field=here)


def _at(value: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, str) and isinstance(value, dict):
            value = value.get(part)
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
        else:
            return None
    return value
