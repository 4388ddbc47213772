"""What there is to know about one value of an environment: its layers, its default, its schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gitops_gen.components import Folder
from gitops_gen.inputs.load import Layer
from gitops_gen.inputs.schema import parts
from gitops_gen.model import Document, Environment, Path, Position, Values
from gitops_gen.provenance.engine import Provenance
from gitops_gen.provenance.leaves import exists, value_at
from gitops_gen.provenance.result import Reach
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import refused_key_may_be_shown


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value in one layer. `is_shown` is false for a value that may be a secret."""

    position: Position
    value: Any
    is_shown: bool

    @classmethod
    def of(cls, position: Position, value: Any, path: Path, hidden: Hidden) -> WrittenValue:
        shown = all(hidden.shows(at, one) for at, one in _scalars(value, path))
        return cls(position, value if shown else None, shown)


@dataclass(frozen=True, slots=True)
class ValueExplanation:
    """A value of an environment.

    `final` is None if the value is not set. `overridden` are the values of lower layers that it
    hides, the strongest first. `default` is the default of gitops-gen, if any.
    """

    environment: str
    path: Path
    final: WrittenValue | None
    overridden: tuple[WrittenValue, ...]
    default: WrittenValue | None
    description: str
    reach: Reach


class UnknownKey(LookupError):
    """A key that neither the values nor the schema contain. `existing` are the keys beside it."""

    def __init__(self, path: Path, existing: Iterable[str]) -> None:
        super().__init__("unknown key")
        self.path, self.existing = path, tuple(existing)


def explained(
    provenance: Provenance, layers: Sequence[Layer], folders: Sequence[Folder], path: Path
) -> ValueExplanation:
    """The explanation of the value at a path.

    `layers` are the files of the environment, the lowest first. Raises UnknownKey.
    """
    environment, schema = provenance.environment, provenance.variants.schema
    require_known(environment, schema, path)
    written = [one for one in (_in_layer(layer.document, path) for layer in layers) if one]
    default = _default(folders, environment, path)
    final = None
    if exists(environment.values, path):
        value, place = value_at(environment.values, path), environment.position(path)
        final = WrittenValue.of(place, value, path, environment.hidden)
    lower = [one for one in reversed(written) if final is None or one.position != final.position]
    reach = provenance.reach(path)
    return ValueExplanation(
        environment.name, path, final, tuple(lower), default, _description(schema, path), reach
    )


def require_known(environment: Environment, schema: Values, path: Path) -> None:
    """Raises UnknownKey for a path that no values of this environment can have.

    A key that neither the values nor the schema name is the text of an argument. Where this text
    may be a secret, as in `limitRanges.REDIS_AUTH:...`, it is an unknown key too.
    """
    for end in range(1, len(path) + 1):
        above, key = path[: end - 1], path[end - 1]
        named = {name for part in parts(schema, above) for name in part.get("properties", ())}
        if key in named or exists(environment.values, path[:end]):
            continue
        if parts(schema, path[:end]) and refused_key_may_be_shown(above, str(key)):
            continue
        values = value_at(environment.values, above) if exists(environment.values, above) else None
        raise UnknownKey(
            path[:end], sorted(named.union(values if isinstance(values, dict) else ()))
        )


def _in_layer(document: Document, path: Path) -> WrittenValue | None:
    if path not in document.values or path == ():
        return None
    value = value_at(document.value, path)
    return WrittenValue.of(document.values[path], value, path, Hidden.of(document.value))


def _default(
    folders: Iterable[Folder], environment: Environment, path: Path
) -> WrittenValue | None:
    for folder in folders:
        section = folder.section
        if folder.section in environment.replaced or not _is_below(path, section):
            continue
        found = _in_layer(folder.defaults, path[len(section) :])
        if found is not None:
            return found
    return None


def _is_below(path: Path, section: tuple[str, ...]) -> bool:
    pairs = zip(path, section, strict=False)
    return len(path) > len(section) and all(key in ("*", part) for part, key in pairs)


def _description(schema: Values, path: Path) -> str:
    texts = (str(part["description"]) for part in parts(schema, path) if "description" in part)
    return next(texts, "")


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scalars(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*path, index))
    else:
        yield path, value
