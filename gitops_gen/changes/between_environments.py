"""Compares two environments of a work tree, and finds the values behind each difference.

Both environments share `values/base.yaml`, the defaults and perhaps groups, so their rendered
objects may only differ where their values do. Each value that differs is replaced in the second
environment by that of the first one, and the environment is rendered in memory: what changes then
is declared by the value. Everything else differs by accident, such as a generated file that was
edited by hand.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen.changes.api_rules import ApiRules
from gitops_gen.changes.differences import object_differences
from gitops_gen.changes.result import DifferenceKind, NotCompared, ObjectDifference
from gitops_gen.changes.trees import BOOTSTRAP, Side, read_pair
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import executable
from gitops_gen.inputs import Loaded
from gitops_gen.inputs.files import GROUPS_KEY
from gitops_gen.model import Environment, ObjectId, Path, Position
from gitops_gen.objects import layout
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.reading import RENDERED_FILES
from gitops_gen.provenance import Difference, Effect, Provenance, Unset
from gitops_gen.render.write.up_to_date import stale
from gitops_gen.revisions import WorkTree
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.workspace.workspace import HelmRun, Workspace

_MISSING = object()
Reports = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """A value of one environment. `position` is None for a default, and for a value not set."""

    value: object
    is_set: bool
    position: Position | None
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value that differs between the two environments."""

    path: Path
    before: ComparedValue
    after: ComparedValue


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPart:
    """A field that differs, or a whole object that only one environment has (`field` is None)."""

    difference: ObjectDifference
    field: FieldDifference | None


@dataclass(frozen=True, slots=True, eq=False)
class DeclaredDifference:
    """A value that differs, and the parts of objects that differ because of it."""

    value: ValueDifference
    parts: tuple[ComparedPart, ...]
    is_known: bool = True
    """Whether the environment could be rendered with the value of the other one."""


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentsCompared:
    """What differs between two environments, by the reason of the difference."""

    base: str
    head: str
    declared: tuple[DeclaredDifference, ...]
    by_several_values: tuple[ComparedPart, ...]
    """Parts that no single value changes, but all values that differ together do."""
    by_name: tuple[ComparedPart, ...]
    """Parts that contain the names of the environments."""
    accidental: tuple[ComparedPart, ...]
    """Parts that differ although no value declares it."""
    objects: int = 0
    """The number of objects that differ."""
    notes: tuple[str, ...] = ()
    unchecked_because: str = ""
    not_compared: tuple[NotCompared, ...] = ()

    @property
    def is_incomplete(self) -> bool:
        return bool(self.unchecked_because or self.not_compared)


def compare_environments(
    root: str, base: str, head: str, note: Reports, progress: Reports
) -> EnvironmentsCompared:
    """The differences between the generated files of two environments of the work tree.

    Raises InvalidInput for an environment that is not valid or not rendered.
    """
    workspace = Workspace(WorkTree(root))
    workspace.chosen([base, head])
    first, second = workspace.load_all_to_render([base, head])
    with ExitStack() as stack:
        rules = ApiRules.of_this_machine(stack)
        parts, not_compared = _compared_parts(workspace, (first, second), rules)
        unchecked = rules.failure
    values = list(value_differences(first.environment, second.environment))
    progress(f"comparing {base} and {head}")
    run = HelmRun(executable(note), os.cpu_count() or 1)
    sorted_parts = _Reasons(Provenance.of(workspace, second, run), base).of(values, parts)
    progress("")
    return EnvironmentsCompared(
        base,
        head,
        *sorted_parts,
        objects=len({id(part.difference) for part in parts}),
        notes=tuple(_notes(root, (base, head))),
        unchecked_because=unchecked,
        not_compared=not_compared,
    )


def _compared_parts(
    workspace: Workspace, loaded: tuple[Loaded, Loaded], rules: ApiRules
) -> tuple[list[ComparedPart], tuple[NotCompared, ...]]:
    files = workspace.revision
    sides = [Side(files, one.environment.name) for one in loaded]
    for side in sides:
        if not files.exists(layout.rendered(side.environment)):
            text = f"does not exist; run `gitops-gen render {side.environment}`"
            place = Position(layout.rendered(side.environment))
            raise InvalidInput.at(place, text, RENDERED_FILES)
    tree = read_pair(*sides)
    version = str(loaded[1].environment.get("cluster", "kubernetesVersion"))
    found = object_differences(tree, rules.session(version, tree.definitions))
    names = (loaded[0].environment.name, loaded[1].environment.name)
    parts = [part for one in found if not _of_bootstrap(one) for part in _parts(one, names)]
    return parts, tree.unreadable


def _of_bootstrap(one: ObjectDifference) -> bool:
    """The bootstrap file consists of the name of the environment and the Git repository."""
    return one.item.file.endswith(f"/{BOOTSTRAP}")


def _parts(one: ObjectDifference, names: tuple[str, str]) -> Iterator[ComparedPart]:
    """Yields the parts that differ. Objects with other names are the same object only if the names
    are those of the environments."""
    before, after = one.before, one.after
    if not (before and after):
        yield ComparedPart(one, None)
    elif one.kind is DifferenceKind.RENAMED and (before.id.name, after.id.name) != names:
        yield ComparedPart(replace(one, kind=DifferenceKind.REMOVED, after=None), None)
        yield ComparedPart(replace(one, kind=DifferenceKind.ADDED, before=None), None)
    else:
        yield from (ComparedPart(one, found) for found in one.fields)


def _notes(root: str, names: Sequence[str]) -> Iterator[str]:
    for name in stale(root, names):
        yield (
            f"the generated files of {name} are not known to be up to date: run `gitops-gen "
            f"render {name}`, unless you look for manual changes"
        )


# Values


def value_differences(first: Environment, second: Environment) -> Iterator[ValueDifference]:
    """Yields the values that differ. A map that only one environment has is one difference.

    The values of groups are compared, and not which groups the environments name.
    """
    for path in _different(first.values, second.values, ()):
        if path[0] == GROUPS_KEY:
            continue
        yield ValueDifference(path, _written(first, path), _written(second, path))


def _different(first: object, second: object, path: Path) -> Iterator[Path]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in {**first, **second}:
            yield from _different(first.get(key, _MISSING), second.get(key, _MISSING), (*path, key))
    elif first != second or type(first) is not type(second):
        yield path


def _written(environment: Environment, path: Path) -> ComparedValue:
    value: Any = environment.values
    for part in path:
        value = value.get(part, _MISSING) if isinstance(value, dict) else _MISSING
    is_set = value is not _MISSING
    position = environment.position(path) if is_set and environment.written(*path) else None
    return ComparedValue(value if is_set else None, is_set, position, environment.hidden)


# Reasons

_Sorted = tuple[
    tuple[DeclaredDifference, ...],
    tuple[ComparedPart, ...],
    tuple[ComparedPart, ...],
    tuple[ComparedPart, ...],
]


@dataclass(frozen=True)
class _Reasons:
    """Finds why the parts differ, by experiments with the second environment."""

    provenance: Provenance
    base: str

    def of(self, values: Sequence[ValueDifference], parts: Sequence[ComparedPart]) -> _Sorted:
        """The parts by their reason: one value, several values, the names, or none."""
        alone = self.provenance.replaced([_replacement(value) for value in values])
        effects = [_Effects(found or ()) for found in alone]
        declared: dict[int, list[ComparedPart]] = {index: [] for index in range(len(values))}
        rest: list[ComparedPart] = []
        for part in parts:
            # The value that changes the fewest fields explains the most.
            causes = [index for index, one in enumerate(effects) if one.include(part)]
            if causes:
                declared[min(causes, key=lambda index: effects[index].size)].append(part)
            else:
                rest.append(part)
        all_effects = _Effects(self._together(values) if rest else ())
        several = [part for part in rest if all_effects.include(part)]
        named = [part for part in rest if part not in several and self._is_named(part)]
        return (
            tuple(
                DeclaredDifference(value, tuple(declared[index]), alone[index] is not None)
                for index, value in enumerate(values)
            ),
            tuple(several),
            tuple(named),
            tuple(part for part in rest if part not in several and part not in named),
        )

    def _together(self, values: Sequence[ValueDifference]) -> tuple[Difference, ...]:
        """What changes if as many values as possible are replaced at once.

        Not all of them can be: two environments must not belong to one cluster, for example.
        """
        joint = {path: value for one in values for path, value in _replacement(one).items()}
        [found] = self.provenance.replaced([joint]) if values else [()]
        if found is not None or len(values) == 1:
            return found or ()
        middle = len(values) // 2
        return (*self._together(values[:middle]), *self._together(values[middle:]))

    def _is_named(self, part: ComparedPart) -> bool:
        """Whether the second value is the first one with the name of the other environment."""
        found = part.field
        if found is None:
            return False
        old, new = (json.dumps(value, sort_keys=True) for value in (found.before, found.after))
        name = rf"(?<![A-Za-z0-9]){re.escape(self.base)}(?![A-Za-z0-9])"
        head = self.provenance.environment.name
        return re.sub(name, lambda _match: head, old) == new


def _replacement(value: ValueDifference) -> Mapping[Path, object]:
    before = value.before
    return {value.path: before.value if before.is_set else Unset.UNSET}


_IDENTITY: tuple[Path, ...] = ((), ("metadata", "name"), ("metadata", "namespace"))
"""The paths of a difference that adds, removes or moves a whole object."""


class _Effects:
    """The differences that a replaced value makes."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        self.size = len(differences)
        self._by_object: dict[tuple[str, str, str], list[Difference]] = {}
        for one in differences:
            self._by_object.setdefault(_name_of(one.object), []).append(one)

    def include(self, part: ComparedPart) -> bool:
        """Whether the part is one of the differences."""
        difference, found = part.difference, part.field
        if found is None:
            return any(one.path in _IDENTITY for one in self._of(difference))
        return any(_is_at(one, found) for one in self._of(difference))

    def _of(self, difference: ObjectDifference) -> Iterator[Difference]:
        for item in (difference.before, difference.after):
            if item is not None:
                yield from self._by_object.get(_name_of(item.id), ())


def _name_of(identity: ObjectId) -> tuple[str, str, str]:
    """Without the namespace, which a manifest need not state."""
    return (*identity.group_kind, identity.name)


def _is_at(one: Difference, found: FieldDifference) -> bool:
    """Whether a difference of the experiment is at a field that differs."""
    if not one.path:
        return False
    if found.after is None or one.effect is Effect.ADDED:
        # Such a field has no place in the second environment: its names must suffice.
        return _names(one.path) == _names(found.path.parts) or one.touches(found.path.parts)
    is_inside = found.reordered and _names(one.path)[: len(found.names)] == found.names
    return is_inside or one.touches(found.path.parts)


def _names(path: Path) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))
