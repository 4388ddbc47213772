"""The fields of an object that a server's message is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from gitops_gen.apicheck.field_names import path_of
from gitops_gen.model import FieldPath, Path, Values
from gitops_gen.objects.fields import differences

# A name of a field, as the API server prints it, before the description of the problem.
_FIELD = re.compile(r"(?<![\w.\]])\.?([A-Za-z]\w*(?:\.[\w/-]+|\[[^\]]*\])*):")
_VALUE = re.compile(r'\s*(?:Invalid|Duplicate|Unsupported) value: ("(?:[^"\\]|\\.)*")')
_IMMUTABLE = re.compile(r"\s*(?:Forbidden: updates|.*field is immutable)")
_MISSING = object()


def message_fields(message: str, value: Values, before: Values | None) -> tuple[FieldPath, ...]:
    """Returns the fields, or an empty tuple if the message names none.

    `value` is the object that was refused, and `before` is the object that it replaces, if any. A
    message about immutable fields names only what contains them.
    """
    found: dict[FieldPath, None] = {}
    for match in _FIELD.finditer(message):
        path = path_of(match[1], value)
        if path[1:2] == ("template",) and path[2:3] in (("annotations",), ("labels",)):
            # The API server leaves out the metadata of a template.
            path = (*path[:2], "metadata", *path[2:])
        if path and path[0] in value:
            found |= dict.fromkeys(_exact(path, message[match.end() :], value, before))
    # A message about `spec` alone names no field.
    return tuple(one for one in found if len(one.parts) > 1)


def _exact(path: Path, problem: str, value: Values, before: Values | None) -> Iterator[FieldPath]:
    """Yields the field, or the fields in it that the description of the problem refers to."""
    at = value_at(value, path)
    if _IMMUTABLE.match(problem) and before is not None:
        old = value_at(before, path)
        if old is not _MISSING and at is not _MISSING:
            yield from (FieldPath((*path, *one.path.parts)) for one in differences(old, at))
            return
    quoted = _VALUE.match(problem)
    inner = [*_children(at, _unquoted(quoted[1]))] if quoted else []
    yield from (FieldPath((*path, key)) for key in inner)
    if not inner:
        yield FieldPath(path)


def _unquoted(text: str) -> object:
    """The value in quotes, or None: the quotes of Go also have escapes that JSON does not have."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return None


def _children(value: object, refused: object) -> Iterator[str]:
    """Yields the keys of a map that are refused, or whose values are refused."""
    if isinstance(value, dict):
        yield from (key for key, item in value.items() if refused in (key, item))


def value_at(value: object, path: Path) -> object:
    """Returns the value at a path of an object, or a marker if the object has no such field."""
    for part in path:
        in_map = isinstance(value, dict) and part in value
        in_list = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if not (in_map or in_list):
            return _MISSING
        value = value[part]  # type: ignore[index]
    return value
