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
from gitops_gen.inputs.layers import Plain, value_at
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
from gitops_gen.model import (
    FIRST_KEY,
    FOLLOWING_PARTS,
    Document,
    FieldPath,
    Finding,
    Path,
    Position,
    Rule,
    Values,
    dotted,
)
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
    """A value of the environment before the change (from any layer, or None) and after it.

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
    """The result of `set`: `data` is what `file` is to hold, and the caller writes it."""

    file: str
    data: bytes
    changes: tuple[ValueChange, ...]
    warnings: tuple[Finding, ...]
    """The warnings that the change brings; `check` reports those that were there before."""
    differs: bool = True
    """Whether the file holds something else now."""


class BadAssignment(InvalidInput):
    """Arguments that cannot be set. They stand in no file.

    Therefore the text of the error has no line and column; its findings name the values file.
    """

    def __init__(self, problems: Iterable[str], findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self.args = ("\n".join(problems),)

    def within(self, file: str) -> BadAssignment:
        """The same error with a finding for each line of its text, if it had no findings."""
        lines = str(self).split("\n")
        by_line = [Finding(ASSIGNMENT, line, Position(file)) for line in lines]
        return BadAssignment(lines, self.findings or by_line)


@dataclass(frozen=True)
class Edit:
    """A values file with other values in it, which nobody has examined yet."""

    loader: Loader
    """Of the revision as it is."""
    name: str
    assigned_values: Mapping[Path, Any]
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
        changes = [_change(path, self.before, loaded) for path in self.assigned_values]
        changes += _changed_image_parts(self.loader, self.assigned_values, self.before, loaded)
        values = ((change.path, change.old, change.new, change.after) for change in changes)
        warnings = (*_new(loaded.warnings, warnings_before), *lowered(values))
        differs = self.data != self.present
        return Assigned(self.file, self.data, tuple(changes), warnings, differs)

    def refused(self, findings: Iterable[Finding]) -> BadAssignment:
        """What is wrong with the result, at places that are in the file now."""
        schema = self.loader.schema(self.name)
        document = yaml.parse(self.data, self.file)
        misspelt = _probably_misspelt(self.assigned_values, self.before, schema, document)
        whole = in_order([*misspelt, *findings])
        return _placed_in_present_file(whole, self.file, self.present, self.data)


def edited(loader: Loader, name: str, assignments: Sequence[str]) -> Edit:
    """Raises InvalidInput for arguments that name nothing that could be set."""
    files.chosen(loader.revision, [name])
    before, present = loader.merged(name), loader.revision.read(files.environment_file(name))
    try:
        assigned = _parsed_assignments(assignments, loader.schema(name))
        edit = Edit(loader, name, assigned, before, present, present)
        for path, value in assigned.items():
            edit = _with_value(edit, path, value)
    except BadAssignment as error:
        raise error.within(files.environment_file(name)) from error
    return edit


def _with_value(edit: Edit, path: Path, value: Any) -> Edit:
    loader, file, before = edit.loader, edit.file, edit.before
    try:
        _require_list_of_this_file(path, yaml.parse(edit.data, file), before)
        data = _edited(loader, edit.name, edit.data, path, value)
        data = _without_obsolete_image_parts(loader, file, data, path, edit.assigned_values, before)
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
    old, new = value_at(before.values, path), value_at(environment.values, path)
    written = {path: mark.value for path, mark in before.marks.items() if not mark.default}
    was_shown = Hidden.of(before.values, written).shows(path, old)
    shown = was_shown and environment.hidden.shows(path, new)
    position_before = mark.value if mark else None
    return ValueChange(path, old, new, position_before, environment.position(path), shown=shown)


def _edited(loader: Loader, name: str, data: bytes, path: Path, value: Any) -> bytes:
    """The file with the value set.

    A null is written where it has to remove what a lower layer wrote. What this file alone wrote
    is removed from it without a null.
    """
    file = files.environment_file(name)
    if value is not None or isinstance(path[-1], int):
        return yaml.edit(data, file, path, value)
    if path in yaml.parse(data, file).keys:
        without = yaml.remove(data, file, path)
        lower = _with(loader, file, without).merged(name)
        return yaml.edit(data, file, path, None) if path in lower.marks else without
    has_value = path in _with(loader, file, data).merged(name).marks
    schemas_above = parts(loader.schema(name), path[:-1])
    in_schema = any(path[-1] in schema.get("properties", {}) for schema in schemas_above)
    return data if in_schema and not has_value else yaml.edit(data, file, path, None)


def _without_obsolete_image_parts(
    loader: Loader, file: str, data: bytes, path: Path, assigned: Mapping[Path, Any], before: Plain
) -> bytes:
    """The file without the tag of the former image where a digest is set, and the other way round.

    Messages would show the old tag beside a new digest, and the old digest beside a new tag would
    be what runs.
    """
    image, value = image_at(path, loader.images), assigned[path]
    if image is None or path[:-1] != image or value in (None, value_at(before.values, path)):
        return data
    for key in obsolete_beside(path[-1]):
        part = (*image, key)
        if part not in assigned and value_at(yaml.parse(data, file).value, part) is not None:
            data = yaml.remove(data, file, part)
    return data


def _changed_image_parts(
    loader: Loader, assigned: Mapping[Path, Any], before: Plain, loaded: Loaded
) -> Iterator[ValueChange]:
    """The tags and digests that were removed because another part of their image was set."""
    images = dict.fromkeys(image_at(path, loader.images) for path in assigned)
    parts = ((*image, key) for image in images if image for key in ("tag", "digest"))
    for path in parts:
        change = _change(path, before, loaded)
        if path not in assigned and change.old is not None and change.new is None:
            yield replace(change, because="it was part of the reference before")


# Messages about the change


_PLACE = re.compile(r":[0-9]+:[0-9]+")


def _new(warnings: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """The warnings that the change brings, without those that only moved to another line."""
    texts_before = {_PLACE.sub("", str(finding)) for finding in before}
    return tuple(
        finding for finding in warnings if _PLACE.sub("", str(finding)) not in texts_before
    )


def _placed_in_present_file(
    findings: Sequence[Finding], file: str, present: bytes, data: bytes
) -> BadAssignment:
    """The findings, which have positions in `data`, with their positions in the present file.

    `data` is not written, since something is wrong with it.
    """
    lines = _lines_that_stay(present, data)

    def moved_match(match: re.Match[str]) -> str:
        line = lines.get(int(match[1]) - 1)
        return file if line is None else f"{file}:{line + 1}:{match[2]}"

    def moved_text(text: str) -> str:
        return re.sub(rf"{re.escape(file)}:([0-9]+):([0-9]+)", moved_match, text)

    def moved_position(position: Position) -> Position:
        line = lines.get(position.line - 1)
        if position.file != file:
            return position
        return Position(file) if line is None else Position(file, line + 1, position.column)

    def moved(finding: Finding) -> Finding:
        message, position = moved_text(finding.message), moved_position(finding.position)
        related = (
            replace(item, position=moved_position(item.position)) for item in finding.related
        )
        return replace(finding, message=message, position=position, related=tuple(related))

    return BadAssignment(map(moved_text, map(str, findings)), map(moved, findings))


def _lines_that_stay(present: bytes, data: bytes) -> dict[int, int]:
    """Line numbers of `data` -> of the same line in `present`; numbers count from 0."""
    from difflib import SequenceMatcher

    old, new = (content.decode().split("\n") for content in (present, data))
    lines: dict[int, int] = {}
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip(range(i, i_end), range(j, j_end), strict=False)
        # A value that was replaced is where it was: its key is the same.
        lines |= {n: o for o, n in pairs if old[o].partition(":")[0] == new[n].partition(":")[0]}
    return lines


# Reading the arguments

_ARGUMENT = re.compile(rf"({FIRST_KEY}{FOLLOWING_PARTS})=(.*)", re.DOTALL)


def _parsed_assignments(assignments: Sequence[str], schema: Values) -> dict[Path, Any]:
    """Path -> value. Raises BadAssignment with the problems of all arguments."""
    values: dict[Path, Any] = {}
    problems: list[str] = []
    for number, argument in enumerate(assignments, 1):
        try:
            path, text = _split(argument, _name_in_messages(number, argument, schema))
            if path in values:
                raise BadAssignment([f"{dotted(path)}: is given twice; keep one of the two"])
            _require_in_schema(path, schema, _numbered(number))
            values[path] = _value(path, text, schema)
        except BadAssignment as error:
            problems.append(str(error))
    if problems:
        raise BadAssignment(problems)
    return values


def _numbered(number: int) -> str:
    return f"argument {number} {PART_NOT_SHOWN}"


# The characters that PATHs are mostly made of. Anything else may be a value that somebody wrote
# without a '='.
_CERTAIN_PATH = re.compile(r"""([\w-]+)[\w./"'[\]-]*|""")


def _name_in_messages(number: int, argument: str, schema: Values) -> str:
    """An argument as messages about its form show it: the PATH, if it certainly is one."""
    path = argument.partition("=")[0]
    match = _CERTAIN_PATH.fullmatch(path)
    is_path = match is not None and (not path or match[1] in schema["properties"])
    return show(path) if is_path else _numbered(number)


def _split(argument: str, shown: str) -> tuple[Path, str]:
    if "=" not in argument:
        example = "for instance tiers.backend.image.tag=1.4.2"
        raise BadAssignment([f"{shown}: there is no '='; write PATH=VALUE, {example}"])
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        raise BadAssignment([f"{shown}: {_NO_PATH}"])
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise BadAssignment([f"{shown}: the argument is not UTF-8"]) from None
    try:
        return FieldPath.parse(match[1]).parts, match[2]
    except ValueError:
        raise BadAssignment([f"{shown}: {_NO_PATH}"]) from None


_NO_PATH = (
    "is no PATH; join keys by dots, put a key with a dot in quotes, and write [0] for an item"
)


# The schema of the values that they set


def _require_in_schema(path: Path, schema: Values, numbered: str) -> None:
    """Raises BadAssignment for a path that no value of the schema can have."""
    for end in range(1, len(path) + 1):
        schemas_above = parts(schema, path[: end - 1])
        if schemas_above and not parts(schema, path[:end]):
            _require_collection(path[:end], schemas_above)
            _require_key_in_schema(path[:end], schemas_above, numbered)


def _require_collection(path: Path, schemas_above: Sequence[Values]) -> None:
    """Raises BadAssignment where the value above is no list for an index, or no map for a key."""
    kind, json_type = ("list", "array") if isinstance(path[-1], int) else ("map", "object")
    if all("type" in schema and json_type not in _types(schema) for schema in schemas_above):
        actual = type_names(_types(schemas_above[0]))
        text = f"there is no {kind} here; {dotted(path[:-1])} is {actual}"
        raise BadAssignment([f"{path_of_unknown(path, ())}: {text}"])


def _require_key_in_schema(path: Path, schemas_above: Sequence[Values], numbered: str) -> None:
    """Raises BadAssignment for an unknown key.

    An unknown section may be a piece of a value, and is not quoted.
    """
    key = path[-1]
    is_closed = all(schema.get("additionalProperties") is False for schema in schemas_above)
    if not isinstance(key, str) or not is_closed:
        return
    properties: Values = {}
    for schema in schemas_above:
        properties |= schema["properties"]
    is_quotable = len(path) > 1 or did_you_mean(key, properties)
    subject = str(path_of_unknown(path, properties)) if is_quotable else numbered
    raise BadAssignment([f"{subject}: {unknown_key(key, properties)}"])


def _types(schema: Values) -> set[str]:
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _value(path: Path, text: str, schema: Values) -> Any:
    candidates = parts(schema, path)
    types = {name for candidate in candidates for name in _types(candidate)}
    enumerated = (value for candidate in candidates for value in candidate.get("enum", ()))
    is_text = types == {"string"} or (not types and any(isinstance(v, str) for v in enumerated))
    if is_text and not _QUOTED.fullmatch(text):
        return text
    if not text:
        raise BadAssignment(
            [f"{dotted(path)}: there is no value; write null to remove what a lower layer wrote"]
        )
    try:
        return _as_yaml(_key_for_yaml(path), text)
    except InvalidInput as error:
        if types and types <= {"integer", "number", "boolean", "null"}:
            # The schema's own message is the better one: 'two' is not an integer.
            return text
        lead = f"{_key_for_yaml(path)}: "
        messages = (finding.message.removeprefix(lead) for finding in error.findings)
        raise BadAssignment(f"{dotted(path)}: {message}" for message in messages) from error


# These are read as YAML even where the schema admits nothing but text.
_QUOTED = re.compile(r"""(".*"|'.*'|null)""", re.DOTALL)


def _key_for_yaml(path: Path) -> str:
    """The key under which the YAML reader gets the value, so that it quotes no secret."""
    return "password" if is_sensitive(path) else "value"


def _as_yaml(key: str, text: str) -> Any:
    document = yaml.parse(f"{key}: {text}\n".encode(), "VALUE").value
    value = document[key]
    plain = value is None or isinstance(value, str)
    if len(document) > 1 or (plain and text[0] not in "\"'" and text not in ("null", "~")):
        return text  # a '#' in it begins no comment
    return value


# What cannot be written into the file


def _require_list_of_this_file(path: Path, document: Document, before: Plain) -> None:
    """Raises BadAssignment for an item of a list that only a lower layer has.

    A list with this item alone would replace the whole list of the lower layer.
    """
    for end, part in enumerate(path):
        above = path[:end]
        if not isinstance(part, int) or above in document.values or above not in before.marks:
            continue
        position = before.marks[above].value
        advice = f"give it whole: {dotted(above)}=[…]"
        raise BadAssignment([f"{dotted(path)}: the list is written at {position}; {advice}"])


def _probably_misspelt(
    assigned: Mapping[Path, Any], before: Plain, schema: Values, document: Document
) -> Iterator[Finding]:
    """New entries whose name is almost that of an existing one: tiers.bakend."""
    for path in assigned:
        for end, part in enumerate(path):
            siblings = value_at(before.values, path[:end])
            if not isinstance(part, str) or not isinstance(siblings, dict) or part in siblings:
                continue
            properties = (item.get("properties", {}) for item in parts(schema, path[:end]))
            hint = did_you_mean(part, siblings)
            if hint and not any(part in names for names in properties):
                entry = path[: end + 1]
                message, position = f"{dotted(entry)}: is new{hint}", document.keys[entry]
                yield Finding(ASSIGNMENT, message, position, field=FieldPath(entry))
