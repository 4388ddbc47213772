"""The format for a terminal: the most helpful lines first, long lists shortened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import fill

from gitops_gen.inputs.wording import show
from gitops_gen.model import FieldPath, printable
from gitops_gen.provenance import (
    Difference,
    Effect,
    Line,
    Origin,
    Reach,
    Unknown,
    ValueExplanation,
    ValueLayer,
    WrittenValue,
)
from gitops_gen.secrets.places import NOT_SHOWN

WIDTH = 80
MOST_OBJECTS = 20
MOST_FIELDS = 8
MOST_LINES = 20

_LAYERS = {
    ValueLayer.DEFAULT: "a default of gitops-gen",
    ValueLayer.CLUSTER: "the facts of the cluster",
    ValueLayer.BASE: "shared by all environments",
    ValueLayer.GROUP: "a group",
    ValueLayer.ENVIRONMENT: "the environment",
}


def value(explanation: ValueExplanation) -> str:
    lines = [f"{FieldPath(explanation.path)} in {explanation.environment}", ""]
    lines += _final(explanation)
    lines += [f"  overrides {_written(one)}" for one in explanation.overridden]
    if explanation.default and explanation.default != explanation.final:
        lines.append(f"  default   {_written(explanation.default)}")
    if explanation.description:
        lines += ["", fill(explanation.description, WIDTH)]
    lines += ["", *_reached(explanation.reach)]
    return _text(lines)


def _final(explanation: ValueExplanation) -> Iterator[str]:
    if explanation.final is None:
        yield "  is not set"
    else:
        yield f"  value     {_written(explanation.final)}"


def _written(written: WrittenValue) -> str:
    shown = show(written.value) if written.is_shown else NOT_SHOWN
    return f"{written.position}: {shown}"


def _reached(reach: Reach) -> Iterator[str]:
    fields = len(reach.differences)
    objects = len({one.object for one in reach.differences})
    if fields:
        yield f"A change of it changes {_count(fields, 'field')} of {_count(objects, 'object')}:"
    elif not reach.unknown:
        yield "No change of it that was tried changes a rendered object."
    yield from _objects(reach.differences)
    if [one.line.path for one in reach.unknown] == [reach.path]:
        yield f"What a change of it changes is not known: {reach.unknown[0].reason}."
    else:
        yield from _unknown(reach.unknown)


def _objects(differences: Sequence[Difference]) -> Iterator[str]:
    groups = [(key, list(found)) for key, found in groupby(differences, lambda one: one.object)]
    for identity, found in groups[:MOST_OBJECTS]:
        yield f"  {identity}"
        yield from (f"    {_difference(one)}" for one in found[:MOST_FIELDS])
        yield from _more(len(found) - MOST_FIELDS, "field", "    ")
    yield from _more(len(groups) - MOST_OBJECTS, "object", "  ")


def _difference(difference: Difference) -> str:
    name = str(FieldPath(difference.path)) or "the whole object"
    return name if difference.effect is Effect.CHANGED else f"{name} ({difference.effect})"


def field(environment: str, origin: Origin) -> str:
    name = f": {origin.field}" if origin.field.parts else ""
    lines = [f"{origin.object}{name} in {environment}", ""]
    if origin.lines:
        lines.append(f"depends on {_count(len(origin.lines), 'value')}:")
    elif not origin.unknown:
        lines.append("depends on no value: the templates of gitops-gen determine it.")
    lines += [_line(line) for line in origin.lines[:MOST_LINES]]
    lines += _more(len(origin.lines) - MOST_LINES, "value", "  ")
    lines += _unknown(origin.unknown)
    return _text(lines)


def _line(line: Line) -> str:
    subject = "the key " if line.of_key else ""
    whole = {1: "; changes what contains the field", 2: "; changes the whole object"}
    about = f"{_LAYERS[line.layer]}{whole.get(line.distance, '')}"
    return f"  {line.position}: {subject}{FieldPath(line.path)} ({about})"


def _unknown(unknown: Sequence[Unknown]) -> Iterator[str]:
    """Values in files of the user are listed; defaults are only counted."""
    if unknown:
        yield f"not known for {_count(len(unknown), 'value')}, of which every change is refused:"
    written = [one for one in unknown if one.line.layer is not ValueLayer.DEFAULT]
    for one in written[:MOST_LINES]:
        yield f"  {one.line.position}: {FieldPath(one.line.path)}: {one.reason}"
    defaults = len(unknown) - len(written)
    yield from _more(len(written) - MOST_LINES, "value", "  ")
    if defaults:
        lead = "and " if written else ""
        yield f"  {lead}{_count(defaults, 'default')} (--format json lists them)"


def _more(count: int, word: str, indent: str) -> Iterable[str]:
    return [f"{indent}and {_count(count, f'other {word}')}"] if count > 0 else []


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{printable(line)}\n" for text in lines for line in text.split("\n"))
