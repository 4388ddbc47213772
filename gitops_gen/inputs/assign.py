"""Sets values in a values file from arguments `PATH=VALUE`, or reports why they cannot be set.

A PATH is a list of keys separated by dots. A key that contains a dot is quoted (`"in.quotes"`), and
`[0]` is an item of a list. The schema determines the type of a VALUE: a tag 1.10 stays a string,
and a number of replicas is a number. If the schema allows several types, VALUE is parsed as YAML.
A quoted VALUE is a string, and null is null.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.images import image_at, obsolete_beside
from gitops_gen.inputs.layers import PlainValues, value_at
from gitops_gen.inputs.load import Loader, sorted_by_position
from gitops_gen.inputs.password_revisions import lowered
from gitops_gen.inputs.schema import parts
from gitops_gen.inputs.wording import (
    did_you_mean,
    known_keys,
    path_of_unknown,
    show,
    show_in_full,
    type_names,
    unknown_key,
)
from gitops_gen.model import (
    FIRST_KEY,
    FOLLOWING_PARTS,
    Document,
    Environment,
    FieldPath,
    Finding,
    Mark,
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
    why="An argument with an unknown path, or with a new entry whose name is similar to that of an "
    "existing one, is probably misspelled.",
    remedy="Write PATH=VALUE with the path of a known value. Use an editor to add a new entry with "
    "a similar name.",
)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value of the environment before the change (from any layer, or None) and after it."""

    path: Path
    old: Any
    new: Any
    before: Position | None
    after: Position
    because: str = ""
    """The reason why a value changed that is not in the arguments."""
    texts: tuple[str, str] = ("", "")
    """Both values in full, as reports print them: without secrets, and without defaults."""

    @property
    def alike(self) -> bool:
        """Whether both values are equal. Unlike ==, this distinguishes 1 and true."""
        return repr(self.old) == repr(self.new)


@dataclass(frozen=True, slots=True)
class Assigned:
    """The result of `set`: the caller writes `data`, the new content, to `file`."""

    file: str
    data: bytes
    changes: tuple[ValueChange, ...]
    warnings: tuple[Finding, ...]
    """The new warnings of the change; `check` reports those that existed before."""
    differs: bool = True
    """Whether the content of the file changes."""
    overridden: tuple[str, ...] = ()
    """Lines about environments in which a higher layer overrides a value of a shared file."""


class BadAssignment(InvalidInput):
    """An error about arguments that cannot be set.

    Arguments have no position in a file, so the text of the error has no line and column. Its
    findings name the values file.
    """

    def __init__(self, problems: Iterable[str], findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self.args = ("\n".join(problems),)

    def within(self, file: str) -> BadAssignment:
        """Returns the error with a finding for each line of its text, if it has no findings."""
        lines = str(self).split("\n")
        by_line = [Finding(ASSIGNMENT, line, Position(file)) for line in lines]
        return BadAssignment(lines, self.findings or by_line)


@dataclass(frozen=True)
class Edit:
    """A changed values file that is not validated yet."""

    loader: Loader
    """The loader of the unchanged revision."""
    name: str
    assigned_values: Mapping[Path, Any]
    before: PlainValues
    present: bytes
    """The present content of the file."""
    data: bytes
    """The new content of the file."""

    @property
    def file(self) -> str:
        return files.values_file(self.name)

    @property
    def revision(self) -> Overlay:
        """The revision with the new content of the file."""
        return Overlay(self.loader.revision, {self.file: self.data})

    def assigned(self, environment: Environment, warnings: Iterable[Finding]) -> Assigned:
        """Returns the result; `environment` has the new values, and `warnings` are new."""
        parts = _changed_image_parts(self.loader, self.assigned_values, self.before, environment)
        found = {change.path: change for change in (*self._changes(environment), *parts)}.values()
        values = ((change.path, change.old, change.new, change.after) for change in found)
        changes = tuple(_with_texts(change, self.before, environment) for change in found)
        differs = self.data != self.present
        return Assigned(self.file, self.data, changes, (*warnings, *lowered(values)), differs)

    def _changes(self, environment: Environment) -> Iterator[ValueChange]:
        """Yields the changed values. For a map that replaces a map, these are values in it."""
        for path in self.assigned_values:
            whole = _change(path, self.before, environment)
            for inner in list(_changed_paths(path, whole.old, whole.new)) or [path]:
                change = _change(inner, self.before, environment)
                yield replace(change, because=self._about_null(inner))

    def _about_null(self, path: Path) -> str:
        """Returns what a null in the file removes besides the value of the file, or nothing."""
        document = self.loader.document(self.data, self.file)
        if path not in document.keys or value_at(document.value, path) is not None:
            return ""
        with suppress(InvalidInput):
            without = yaml.remove(self.data, self.file, path)
            lower = _with(self.loader, self.file, without).merged(self.name)
            if mark := lower.marks.get(path):
                source = _lower_value(mark, value_at(lower.values, path))
                return f"null also removes the {source}; delete this line to use it again"
        return ""

    def misspelled(self) -> Iterator[Finding]:
        """Yields findings about new entries whose names are probably misspelled."""
        document = self.loader.document(self.data, self.file)
        schema = self.loader.schema(self.name)
        yield from _probably_misspelled(self.assigned_values, self.before, schema, document)


def refused(edits: Sequence[Edit], findings: Iterable[Finding]) -> BadAssignment:
    """Returns the errors of changed files, with positions in the present files."""
    edited_files = {edit.file for edit in edits}
    found = [_without_comment(finding, edited_files) for finding in findings]
    fields = {finding.field for finding in found}
    misspelled = [item for edit in edits for item in edit.misspelled() if item.field not in fields]
    ordered = sorted_by_position([*misspelled, *found])
    texts = list(map(str, ordered))
    for edit in edits:
        texts, ordered = _placed_in_present_file(texts, ordered, edit)
    return BadAssignment(dict.fromkeys(texts), ordered)


def parsed_assignments(loader: Loader, name: str, assignments: Sequence[str]) -> dict[Path, Any]:
    """Returns the values by path. Raises InvalidInput for arguments that cannot be set."""
    try:
        return _parsed_assignments(assignments, loader.schema(name))
    except BadAssignment as error:
        raise error.within(files.values_file(name)) from error


def edited(loader: Loader, name: str, values: Mapping[Path, Any]) -> Edit:
    """Sets the values in the file of an environment, of `base` or of `group:NAME`.

    Raises InvalidInput for values that cannot be set in this file.
    """
    before, present = loader.merged(name), loader.revision.read(files.values_file(name))
    edit = Edit(loader, name, values, before, present, present)
    try:
        for path, value in values.items():
            edit = _with_value(edit, path, value)
    except BadAssignment as error:
        raise error.within(files.values_file(name)) from error
    return edit


def _with_value(edit: Edit, path: Path, value: Any) -> Edit:
    loader, file, before = edit.loader, edit.file, edit.before
    try:
        _require_list_of_this_file(path, loader.document(edit.data, file), before)
        data = _edited(loader, edit.name, edit.data, path, value)
        data = _without_obsolete_image_parts(loader, file, data, path, edit.assigned_values, before)
    except BadAssignment:
        raise
    except InvalidInput as error:
        raise refused([edit], error.findings) from error
    return replace(edit, data=data)


def _with(loader: Loader, file: str, data: bytes) -> Loader:
    """Returns a loader for the revision in which `file` contains `data`."""
    return replace(loader, revision=Overlay(loader.revision, {file: data}))


def _change(path: Path, before: PlainValues, environment: Environment) -> ValueChange:
    mark = before.marks.get(path)
    old, new = value_at(before.values, path), value_at(environment.values, path)
    position_before = mark.value if mark else None
    return ValueChange(path, old, new, position_before, environment.position(path))


def _with_texts(change: ValueChange, before: PlainValues, environment: Environment) -> ValueChange:
    """Returns the change with the texts of both values, which hide secrets of both environments."""
    written = {path: mark.value for path, mark in before.marks.items() if not mark.default}
    hidden = Hidden.of(before.values, written)

    def shows(path: Path, value: Any) -> bool:
        return hidden.shows(path, value) and environment.hidden.shows(path, value)

    old = show_in_full(change.path, _written(change.path, change.old, before.marks), shows)
    new = show_in_full(change.path, _written(change.path, change.new, environment.sources), shows)
    return replace(change, texts=(old, new))


def _written(path: Path, value: Any, marks: Mapping[Path, Mark]) -> Any:
    """Returns the value without the defaults in its maps."""
    if not isinstance(value, dict):
        return value
    kept = (key for key in value if not ((mark := marks.get((*path, key))) and mark.default))
    return {key: _written((*path, key), value[key], marks) for key in kept}


def _lower_value(mark: Mark, value: Any) -> str:
    """Returns `default 2`, or the position of a value that is not a default."""
    if not mark.default:
        return f"value at {mark.value}"
    return "default" if isinstance(value, dict | list) else f"default {show(value)}"


def _changed_paths(path: Path, old: Any, new: Any) -> Iterator[Path]:
    """Yields the paths of the values that differ between two maps, or `path` for other values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*new, *old)):
            yield from _changed_paths((*path, key), old.get(key), new.get(key))
    elif repr(old) != repr(new):
        yield path


def _edited(loader: Loader, name: str, data: bytes, path: Path, value: Any) -> bytes:
    """Returns the content of the file with the value set.

    A null is written if it must remove a value of a lower layer. A value that only this file sets
    is removed without a null.
    """
    file = files.values_file(name)
    if value is not None and repr(_present(loader, file, data, path)) == repr(value):
        return data  # For example 8080 without quotes, which is the string "8080" already.
    if value is not None or isinstance(path[-1], int):
        return yaml.edit(data, file, path, value)
    if path in loader.document(data, file).keys:
        without = yaml.remove(data, file, path)
        lower = _with(loader, file, without).merged(name)
        return yaml.edit(data, file, path, None) if path in lower.marks else without
    has_value = path in _with(loader, file, data).merged(name).marks
    schemas_above = parts(loader.schema(name), path[:-1])
    in_schema = any(path[-1] in schema.get("properties", {}) for schema in schemas_above)
    return data if in_schema and not has_value else yaml.edit(data, file, path, None)


def _present(loader: Loader, file: str, data: bytes, path: Path) -> Any:
    """Returns the value in this file, or None."""
    return value_at(loader.document(data, file).value, path)


def _without_obsolete_image_parts(
    loader: Loader,
    file: str,
    data: bytes,
    path: Path,
    assigned: Mapping[Path, Any],
    before: PlainValues,
) -> bytes:
    """Removes the tag of the previous image if a digest is set, and vice versa.

    Otherwise messages would show the old tag with the new digest, or Kubernetes would run the old
    digest instead of the new tag.
    """
    image, value = image_at(path, loader.image_places), assigned[path]
    if image is None or path[:-1] != image or value in (None, value_at(before.values, path)):
        return data
    for key in obsolete_beside(path[-1]):
        part = (*image, key)
        if part not in assigned and value_at(loader.document(data, file).value, part) is not None:
            data = yaml.remove(data, file, part)
    return data


def _changed_image_parts(
    loader: Loader,
    assigned: Mapping[Path, Any],
    before: PlainValues,
    environment: Environment,
) -> Iterator[ValueChange]:
    """Yields the tags and digests that were removed because another part of the image was set."""
    images = dict.fromkeys(image_at(path, loader.image_places) for path in assigned)
    parts = ((*image, key) for image in images if image for key in ("tag", "digest"))
    for path in parts:
        change = _change(path, before, environment)
        if path not in assigned and change.old is not None and change.new is None:
            yield replace(change, because="it belonged to the previous image")


# Messages about the change


def _without_comment(finding: Finding, edited_files: Container[str]) -> Finding:
    """Returns the finding. If a comment can excuse it, the message says how to add the comment."""
    if not finding.rule.excusable or finding.position.file not in edited_files:
        return finding
    advice = "set writes no comments; to excuse this finding, edit the file by hand"
    return replace(finding, message=f"{finding.message}; {advice}")


_PLACE = re.compile(r":[0-9]+:[0-9]+")


def new_warnings(warnings: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """Returns the new warnings, without those that only moved to another line."""
    texts_before = {_PLACE.sub("", str(finding)) for finding in before}
    return tuple(
        finding for finding in warnings if _PLACE.sub("", str(finding)) not in texts_before
    )


def _placed_in_present_file(
    texts: Iterable[str], findings: Iterable[Finding], edit: Edit
) -> tuple[list[str], list[Finding]]:
    """Converts the positions in texts and findings to positions in the present file.

    The new content has errors, so it is not written.
    """
    file, lines = edit.file, _lines_that_stay(edit.present, edit.data)

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

    return list(map(moved_text, texts)), list(map(moved, findings))


def _lines_that_stay(present: bytes, data: bytes) -> dict[int, int]:
    """Maps line numbers of `data` to those of the same lines in `present`, counted from 0."""
    from difflib import SequenceMatcher

    old, new = (content.decode().split("\n") for content in (present, data))
    lines: dict[int, int] = {}
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip(range(i, i_end), range(j, j_end), strict=False)
        # A line whose value was replaced is the same line, because its key is the same.
        lines |= {n: o for o, n in pairs if old[o].partition(":")[0] == new[n].partition(":")[0]}
    return lines


# Reading the arguments

_ARGUMENT = re.compile(rf"({FIRST_KEY}{FOLLOWING_PARTS})=(.*)", re.DOTALL)


def _parsed_assignments(assignments: Sequence[str], schema: Values) -> dict[Path, Any]:
    """Returns the values by path. Raises BadAssignment with the problems of all arguments."""
    values: dict[Path, Any] = {}
    problems: list[str] = []
    for number, argument in enumerate(assignments, 1):
        try:
            path, text = _split(argument, _name_in_messages(number, argument, schema))
            if path in values:
                raise BadAssignment([f"{dotted(path)}: is set twice; remove one of them"])
            require_in_schema(path, schema, _numbered(number))
            values[path] = _value(path, text, schema)
        except BadAssignment as error:
            problems.append(str(error))
    if problems:
        raise BadAssignment(problems)
    return values


def _numbered(number: int) -> str:
    return f"argument {number} {PART_NOT_SHOWN}"


# The characters of most PATHs. A text with other characters may be a value without a '='.
_CERTAIN_PATH = re.compile(r"""([\w-]+)[\w./"'[\]-]*|""")


def _name_in_messages(number: int, argument: str, schema: Values) -> str:
    """Returns an argument as messages about its form show it: the PATH, if it certainly is one."""
    path = argument.partition("=")[0]
    match = _CERTAIN_PATH.fullmatch(path)
    is_path = match is not None and (not path or match[1] in schema["properties"])
    return show(path) if is_path else _numbered(number)


def _split(argument: str, shown: str) -> tuple[Path, str]:
    if "=" not in argument:
        example = "for example tiers.backend.image.tag=1.4.2"
        raise BadAssignment([f"{shown}: there is no '='; write PATH=VALUE, {example}"])
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        raise BadAssignment([f"{shown}: {_NOT_A_PATH}"])
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise BadAssignment([f"{shown}: the argument is not UTF-8"]) from None
    try:
        return FieldPath.parse(match[1]).parts, match[2]
    except ValueError:
        raise BadAssignment([f"{shown}: {_NOT_A_PATH}"]) from None


_NOT_A_PATH = (
    "is not a PATH; separate keys with dots, quote a key that contains a dot, and write [0] for a "
    "list item"
)


# Checking the arguments against the schema


def require_in_schema(path: Path, schema: Values, numbered: str = "the path") -> None:
    """Raises BadAssignment for a path that does not exist in the schema.

    `numbered` stands for a path that messages do not show, because it may be a secret.
    """
    for end in range(1, len(path) + 1):
        schemas_above = parts(schema, path[: end - 1])
        if schemas_above and not parts(schema, path[:end]):
            _require_collection(path[:end], schemas_above)
            _require_key_in_schema(path[:end], schemas_above, numbered)


def _require_collection(path: Path, schemas_above: Sequence[Values]) -> None:
    """Raises BadAssignment if the value above an index is not a list, or above a key not a map."""
    kind, json_type = ("list", "array") if isinstance(path[-1], int) else ("map", "object")
    if all("type" in schema and json_type not in _types(schema) for schema in schemas_above):
        actual = type_names(_types(schemas_above[0]))
        text = f"there is no {kind} here; {dotted(path[:-1])} is {actual}"
        raise BadAssignment([f"{path_of_unknown(path, ())}: {text}"])


def _require_key_in_schema(path: Path, schemas_above: Sequence[Values], numbered: str) -> None:
    """Raises BadAssignment for an unknown key.

    An unknown section may be a part of a value, and is not shown.
    """
    key = path[-1]
    is_closed = all(schema.get("additionalProperties") is False for schema in schemas_above)
    if not isinstance(key, str) or not is_closed:
        return
    together: Values = {"properties": {}, "hints": {}}
    for schema in schemas_above:
        together["properties"] |= schema["properties"]
        together["hints"] |= schema.get("hints", {})
    keys = known_keys(together)
    is_quotable = len(path) > 1 or did_you_mean(key, keys)
    subject = str(path_of_unknown(path, keys)) if is_quotable else numbered
    raise BadAssignment([f"{subject}: {unknown_key(key, together)}"])


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
            [f"{dotted(path)}: VALUE is missing; write null to remove the value of a lower layer"]
        )
    try:
        return _as_yaml(_key_for_yaml(path), text)
    except InvalidInput as error:
        if types and types <= {"integer", "number", "boolean", "null"}:
            # The message of the schema is better: 'two' is not an integer.
            return text
        lead = f"{_key_for_yaml(path)}: "
        messages = (finding.message.removeprefix(lead) for finding in error.findings)
        raise BadAssignment(f"{dotted(path)}: {message}" for message in messages) from error


# These are parsed as YAML even if the schema allows only strings.
_QUOTED = re.compile(r"""(".*"|'.*'|null)""", re.DOTALL)


def _key_for_yaml(path: Path) -> str:
    """Returns the key with which the value is parsed; with it, messages show no secret."""
    return "password" if is_sensitive(path) else "value"


def _as_yaml(key: str, text: str) -> Any:
    document = yaml.parse(f"{key}: {text}\n".encode(), "VALUE").value
    value = document[key]
    plain = value is None or isinstance(value, str)
    if len(document) > 1 or (plain and text[0] not in "\"'" and text not in ("null", "~")):
        return text  # a '#' in it does not begin a comment
    return value


# Assignments that cannot be written to the file


def _require_list_of_this_file(path: Path, document: Document, before: PlainValues) -> None:
    """Raises BadAssignment for an item of a list that only a lower layer sets.

    A list with only this item would replace the whole list of the lower layer.
    """
    for end, part in enumerate(path):
        above = path[:end]
        if not isinstance(part, int) or above in document.values or above not in before.marks:
            continue
        position = before.marks[above].value
        advice = f"set the whole list: {dotted(above)}=[…]"
        raise BadAssignment([f"{dotted(path)}: the list is set in {position}; {advice}"])


def _probably_misspelled(
    assigned: Mapping[Path, Any], before: PlainValues, schema: Values, document: Document
) -> Iterator[Finding]:
    """Yields findings for new entries with a name similar to an existing one: tiers.bakend."""
    for path in assigned:
        for end, part in enumerate(path):
            siblings = value_at(before.values, path[:end])
            if not isinstance(part, str) or not isinstance(siblings, dict) or part in siblings:
                continue
            properties = (item.get("properties", {}) for item in parts(schema, path[:end]))
            hint = did_you_mean(part, siblings)
            if hint and not any(part in names for names in properties):
                entry = path[: end + 1]
                message, position = (
                    f"{dotted(entry)}: does not exist yet{hint}",
                    document.keys[entry],
                )
                yield Finding(ASSIGNMENT, message, position, field=FieldPath(entry))
