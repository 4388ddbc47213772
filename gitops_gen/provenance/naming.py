"""Finds the object that a user names: KIND/NAME, KIND/NAMESPACE/NAME, with :FIELD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gitops_gen.model import FieldPath, ObjectId
from gitops_gen.objects.kube_object import KubeObject

_WHOLE_OBJECT = FieldPath()
_OBJECT = re.compile(r"([A-Za-z][A-Za-z0-9]*)(?:\.([a-z0-9.-]+))?/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedField:
    """An object, and a field of it. The empty path is the whole object."""

    object: KubeObject
    field: FieldPath

    @property
    def is_set(self) -> bool:
        return not self.field.parts or self.field in fields_of(self.object.value)


class UnknownObject(LookupError):
    """No object, or more than one, has this name. `names` are the names that are meant."""

    def __init__(self, names: Iterable[str], *, is_ambiguous: bool = False) -> None:
        super().__init__("unknown object")
        self.names, self.is_ambiguous = tuple(names), is_ambiguous


def names_an_object(text: str, keys: Iterable[str]) -> bool:
    """Whether a text has the form of an object. `keys` are the first keys of all values."""
    match = _OBJECT.fullmatch(text)
    return match is not None and match.group(1) not in keys


def named(objects: Sequence[KubeObject], text: str) -> NamedField:
    """The object and the field. Raises UnknownObject, or ValueError for a text that is no field.

    The name of an object may contain a colon, so each colon may be the end of the name.
    """
    for name, field in _splits(text):
        found = [item for item in objects if name.lower() in _spellings(item.id)]
        if len(found) > 1:
            raise UnknownObject(_distinct_names(found), is_ambiguous=True)
        if found:
            return NamedField(found[0], FieldPath.parse(field))
    raise UnknownObject(_short_name(item.id) for item in objects)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Yields the name and the field, the longest name first."""
    yield text, ""
    for colon in reversed([at for at, character in enumerate(text) if character == ":"]):
        yield text[:colon], text[colon + 1 :]


def _spellings(identity: ObjectId) -> set[str]:
    kinds = (identity.kind, f"{identity.kind}.{identity.group or 'core'}")
    places = (identity.name, f"{identity.namespace}/{identity.name}")
    return {f"{kind}/{place}".lower() for kind in kinds for place in places}


def _short_name(identity: ObjectId) -> str:
    return f"{identity.kind}/{identity.name}"


def _distinct_names(objects: Sequence[KubeObject]) -> list[str]:
    """The shortest names that distinguish the objects: by namespace, or also by group."""
    names = [_name(item.id, item.id.kind) for item in objects]
    if len(set(names)) == len(names):
        return names
    return [_name(item.id, f"{item.id.kind}.{item.id.group or 'core'}") for item in objects]


def _name(identity: ObjectId, kind: str) -> str:
    place = f"{identity.namespace}/" if identity.namespace else ""
    return f"{kind}/{place}{identity.name}"


def fields_of(value: Any, path: FieldPath = _WHOLE_OBJECT) -> Iterator[FieldPath]:
    """Yields the path of every field of an object."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, below in items:
        yield path.child(key)
        yield from fields_of(below, path.child(key))
