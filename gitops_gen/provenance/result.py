"""The answers: which lines are behind a field, and which fields a value reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gitops_gen.model import Environment, FieldPath, ObjectId, Path, Position
from gitops_gen.provenance.comparison import Difference
from gitops_gen.provenance.leaves import Leaf, ValueLayer, layer, position

# A leaf that reaches more components than this says little about one field.
_MANY_COMPONENTS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A value, or a key that the user chose, that a field depends on."""

    path: Path
    of_key: bool
    layer: ValueLayer
    position: Position
    """Where it is written, even if in the defaults of gitops-gen."""
    place: Position
    """The nearest line in a file of the user, as in findings."""
    distance: int = 0
    """0 if it changes the field itself, 1 if what contains the field, 2 if the whole object."""
    fields: int = 0
    """The number of fields of the same component that it changes."""
    parts: int = 0
    """The number of components that it reaches."""

    @property
    def changes_the_field(self) -> bool:
        """Whether it changes the field or what contains it, and not only the whole object."""
        return self.distance < 2

    def rank(self) -> tuple[Any, ...]:
        """Sorts the most helpful line first: one that changes the field itself, reaches few
        components, is a value and not the key above it, and is in the user's strongest layer."""
        broad = self.parts > _MANY_COMPONENTS
        return self.distance, broad, self.of_key, -self.layer, self.fields, str(self.path)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value whose effect could not be observed, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The fields that a value reaches. `unknown` are values below it that could not be changed."""

    path: Path
    differences: tuple[Difference, ...]
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The lines that a field depends on, the most helpful one first."""

    object: ObjectId
    field: FieldPath
    lines: tuple[Line, ...]
    unknown: tuple[Unknown, ...] = ()


def line_of(
    environment: Environment, leaf: Leaf, distance: int = 0, fields: int = 0, parts: int = 0
) -> Line:
    return Line(
        leaf.path,
        leaf.of_key,
        layer(environment, leaf),
        position(environment, leaf),
        environment.place(leaf.path, key=leaf.of_key),
        distance,
        fields,
        parts,
    )
