"""The format for a terminal: the differences by their reason, the accidental ones last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.changes.between_environments import (
    ComparedPart,
    ComparedValue,
    DeclaredDifference,
    EnvironmentsCompared,
    ValueDifference,
)
from gitops_gen.changes.context import counted
from gitops_gen.changes.result import DifferenceKind
from gitops_gen.inputs.wording import show_at
from gitops_gen.model import Path, dotted, printable
from gitops_gen.report.changes.shown import ShownValues

_MOST_PARTS = 8
"""The most parts that are printed for one value."""


def full_report(compared: EnvironmentsCompared) -> str:
    return "\n".join(_lines(compared)) + "\n"


def _lines(compared: EnvironmentsCompared) -> Iterator[str]:
    yield f"{compared.base} -> {compared.head}: {_summary(compared)}"
    yield from (f"note: {note}" for note in compared.notes)
    if compared.unchecked_because:
        yield f"not checked: {compared.unchecked_because}; fields are compared as written"
    for missing in compared.not_compared:
        yield printable(f"not compared: {missing.subject}: {missing.reason}")
    for one in compared.declared:
        yield from _declared(one)
    yield from _group(
        "Declared by several values together:", compared.by_several_values, _MOST_PARTS
    )
    names = f"Follow from the names {compared.base} and {compared.head}:"
    yield from _group(names, compared.by_name, 0)
    yield from _group("Accidental: no value declares them:", compared.accidental, None)


def _summary(compared: EnvironmentsCompared) -> str:
    if not compared.objects:
        return "no difference"
    declared = sum(len(one.parts) for one in compared.declared) + len(compared.by_several_values)
    by_name, accidental = len(compared.by_name), len(compared.accidental)
    number = counted(declared + by_name + accidental, "difference")
    return (
        f"{number} in {counted(compared.objects, 'object')}: {declared} declared by values, "
        f"{by_name} by the names of the environments, {accidental} accidental"
    )


def _declared(one: DeclaredDifference) -> Iterator[str]:
    yield ""
    yield _heading(one.value)
    if not one.is_known:
        yield "  its effect is not known: the environment is not valid with the other value"
    elif not one.parts:
        yield "  no difference follows from this value alone"
    yield from _parts(one.parts, _MOST_PARTS)


def _heading(value: ValueDifference) -> str:
    before, after = (_shown(value.path, one) for one in (value.before, value.after))
    return printable(f"{dotted(value.path)}: {before} -> {after}")


def _shown(path: Path, value: ComparedValue) -> str:
    if not value.is_set:
        return "not set"
    place = f"{value.position}" if value.position else "default"
    return f"{show_at(value.hidden, path, value.value)} ({place})"


def _group(heading: str, parts: Sequence[ComparedPart], most: int | None) -> Iterator[str]:
    if parts:
        yield ""
        yield heading
        yield from _parts(parts, most)


def _parts(parts: Sequence[ComparedPart], most: int | None) -> Iterator[str]:
    """Yields the first parts and the number of the others; all parts if `most` is None."""
    shown = parts[:most]
    yield from (f"  {part_line(part)}" for part in shown)
    if len(shown) < len(parts):
        objects = len({id(part.difference) for part in parts[len(shown) :]})
        more = "more " if shown else ""
        number = counted(len(parts) - len(shown), f"{more}difference")
        yield f"  ({number} in {counted(objects, 'object')}, which --format json lists)"


def part_line(part: ComparedPart) -> str:
    """Returns a line such as `~ Deployment app/web: spec.replicas: 1 -> 3`."""
    difference, found = part.difference, part.field
    if found is None:
        sign = "+" if difference.kind is DifferenceKind.ADDED else "-"
        return printable(f"{sign} {difference.id}")
    old, new = ShownValues(difference).pair(found)
    if found.reordered:
        values = f"order differs: {old} -> {new}"
    elif found.before is None or found.after is None:
        values = f"only in one: {new if found.before is None else old}"
    else:
        values = f"{old} -> {new}"
    return printable(f"~ {difference.id}: {found.label}: {values}")
