"""Image references: where the values hold one, and how layers combine into one.

A tag and a digest name one image together. Kubernetes runs what the digest says, whatever the
tag is, so a tag of one layer beside a digest of another would show one version and run another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias

from gitops_gen.inputs.layers import Node
from gitops_gen.inputs.schema import Section, frame
from gitops_gen.model import Path, Values

Place: TypeAlias = tuple[str, ...]
"""The keys of the values that lead to an image; "*" stands for any key."""

_DEFINITION = "#/definitions/image"
# A key of the reference, and the keys that make it obsolete: by their presence in a higher layer,
# and by another value in the same one.
_REPLACED_BY = {"digest": ("tag", "repository"), "tag": ("digest",)}


def places(sections: Iterable[Section]) -> tuple[Place, ...]:
    """Where the sections' schemas refer to the definition of an image."""
    definitions = frame()["definitions"]
    by_section = (_places(item.schema, item.section, definitions) for item in sections)
    return tuple(dict.fromkeys(chain.from_iterable(by_section)))


def _places(schema: Any, path: Place, definitions: Values) -> Iterator[Place]:
    """Lists are left out: a list replaces as a whole, so that no layers combine in one."""
    if not isinstance(schema, dict):
        return
    if (reference := schema.get("$ref")) == _DEFINITION:
        yield path
    elif reference is not None:
        name = reference.removeprefix("#/definitions/")
        yield from _places(definitions[name], path, definitions)
    for key, part in schema.get("properties", {}).items():
        yield from _places(part, (*path, key), definitions)
    yield from _places(schema.get("additionalProperties"), (*path, "*"), definitions)
    for part in (part for word in ("anyOf", "oneOf", "allOf") for part in schema.get(word, ())):
        yield from _places(part, path, definitions)


def image_at(path: Path, image_places: Iterable[Place]) -> Path | None:
    """The path of the image that `path` is or lies in, if there is one."""
    for place in image_places:
        pairs = zip(path, place, strict=False)
        if len(path) >= len(place) and all(key in ("*", part) for part, key in pairs):
            return path[: len(place)]
    return None


def obsolete_beside(key: str | int) -> Iterator[str]:
    """The keys of an image that another value of `key` makes obsolete."""
    return (name for name, replacing in _REPLACED_BY.items() if key in replacing)


def whole_references(layer: Node, image_places: Iterable[Place]) -> Node:
    """The layer, with nulls that keep a lower layer's part out of a reference of this layer."""
    for place in image_places:
        layer = _at_place(layer, place)
    return layer


def _at_place(tree: Node, place: Place) -> Node:
    if not tree.is_map:
        return tree
    if not place:
        return _whole_reference(tree)
    keys = tree.content if place[0] == "*" else tree.content.keys() & {place[0]}
    changed = {key: _at_place(tree.content[key], place[1:]) for key in keys}
    return replace(tree, content={**tree.content, **changed}) if changed else tree


def _whole_reference(image: Node) -> Node:
    written = {key: item for key, item in image.content.items() if not item.is_null}
    content = dict(image.content)
    for key, replacing in _REPLACED_BY.items():
        cause = next((written[name] for name in replacing if name in written), None)
        if cause is not None:
            content.setdefault(key, Node(None, cause.mark))
    return replace(image, content=content)
