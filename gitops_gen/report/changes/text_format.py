"""The format for a terminal: one section per object, the consequences beside the fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from gitops_gen.changes.classes import REFUSED
from gitops_gen.changes.context import counted
from gitops_gen.changes.definitions import CRD
from gitops_gen.changes.environments import REMOVED
from gitops_gen.changes.result import (
    ClassifiedChange,
    Comparison,
    Consequence,
    DifferenceKind,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.model import printable
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.report.changes.definition_lines import definition_lines
from gitops_gen.report.changes.json_text import summary_of_json
from gitops_gen.report.changes.shown import ShownValues

_SIGNS = {
    DifferenceKind.ADDED: "+",
    DifferenceKind.CHANGED: "~",
    DifferenceKind.RENAMED: "±",
    DifferenceKind.REMOVED: "-",
}
_COUNTED = {kind: str(kind) for kind in DifferenceKind}
_COUNTED[DifferenceKind.RENAMED] = "renamed (removed and created, as Kubernetes has no rename)"
_COLOURS = {"+": "32", "~": "33", "±": "33", "-": "31"}
_MOST_FIELDS = 40
"""The most fields of one object that are printed without a consequence."""
_MOST_OF_DEFINITION = 8
"""With more fields, only the summary of a CustomResourceDefinition is printed."""
_MOST_LINES = 20
"""The most lines of one text that are printed."""
_NOISE = (("description",), ("caBundle",))
"""Fields that are only printed if they have a consequence: texts in CRDs, and certificates."""
_ROUTINE = "routine"
_UNKNOWN = (
    "Two revisions do not show whether a claim is bound, whether an Application exists already, "
    "or what was changed in the cluster by hand; `gitops-gen rehearse ENV --base REV` shows more."
)


def full_report(comparison: Comparison, colour: bool) -> str:
    lines = [f"{comparison.base} -> {comparison.head}"]
    lines += [f"note: {printable(note)}" for note in comparison.notes]
    if comparison.unchecked_because:
        lines.append(f"not checked: {comparison.unchecked_because}")
    for names, text in _grouped(comparison.environments, colour):
        lines += ["", *text.lines(names)]
    lines += _acceptances(comparison)
    lines += _remedies(comparison)
    return "\n".join(lines) + "\n"


def _remedies(comparison: Comparison) -> Iterator[str]:
    """Yields what to do about the dangers of each class, each remedy once."""
    found = {
        (one.change_class.rank, one.remedy): one
        for environment in comparison.environments
        for _, one in environment.consequences
        if one.change_class.is_danger and _needs_remedy(one)
    }
    if found:
        yield ""
    for _, one in sorted(found.items()):
        yield f"{one.change_class.id}: {one.remedy} ({one.change_class.link})"
    if found:
        yield from ("", _UNKNOWN)


def _needs_remedy(consequence: Consequence) -> bool:
    """An accepted refusal is still one: somebody must follow the procedure."""
    return consequence.accepted is None or consequence.change_class.id == REFUSED


def _grouped(
    environments: Sequence[EnvironmentComparison], colour: bool
) -> Iterator[tuple[list[str], _EnvironmentText]]:
    """Yields environments with equal changes together, with all their names."""
    groups: dict[tuple[str, ...], tuple[list[str], _EnvironmentText]] = {}
    for environment in environments:
        text = _EnvironmentText(environment, colour)
        names, _ = groups.setdefault(text.body, ([], text))
        names.append(environment.name)
    yield from groups.values()


class _EnvironmentText:
    def __init__(self, environment: EnvironmentComparison, colour: bool) -> None:
        self.environment = environment
        self.colour = colour

    def lines(self, names: Sequence[str]) -> Iterator[str]:
        yield self._painted(f"{', '.join(names)}: {_summary(self.environment)}", "1")
        yield from self.body

    @cached_property
    def body(self) -> tuple[str, ...]:
        return tuple(self._body())

    def _body(self) -> Iterator[str]:
        yield from (f"  note: {printable(note)}" for note in self.environment.notes)
        for one in self.environment.not_compared:
            yield self._painted(f"  not compared: {one.subject}: {printable(one.reason)}", "31")
        for change in self.environment.changes:
            yield ""
            yield from self._change(change)
        if self.environment.not_checked:
            yield ""
        for one in self.environment.not_checked:
            yield f"  not checked: {one.subject}: {printable(one.reason)}"

    def _change(self, change: ClassifiedChange) -> Iterator[str]:
        difference = change.difference
        sign = _SIGNS[difference.kind]
        yield self._painted(f"  {sign} {heading(difference)}", _COLOURS[sign])
        shown = ShownValues(difference)
        placed = [one for one in change.consequences if one.at in difference.fields]
        if text := remains(change, self.environment.state):
            yield self._painted(f"      # {text}", "36")
        for consequence in change.consequences:
            if consequence not in placed or not self._prints(difference):
                yield f"      {self._remark(consequence)}"
        if self._prints(difference):
            yield from (f"      {line}" for line in definition_lines(difference))
            listed = listed_fields(difference, placed, _MOST_FIELDS)
            for found in listed:
                yield from self._field(found, shown, [o for o in placed if o.at == found])
            if len(listed) < len(difference.fields):
                number = len(difference.fields) - len(listed)
                text = f"({counted(number, 'more changed field')}, which --format json lists)"
                yield self._painted(f"      {text}", "2")
            if difference.unchanged:
                yield self._painted(
                    f"      ({counted(difference.unchanged, 'unchanged field')})", "2"
                )

    def _prints(self, difference: ObjectDifference) -> bool:
        return difference.kind in (DifferenceKind.CHANGED, DifferenceKind.RENAMED)

    def _field(
        self, found: FieldDifference, shown: ShownValues, consequences: Sequence[Consequence]
    ) -> Iterator[str]:
        remarks = "".join(f"  {self._remark(one)}" for one in _told_once(consequences))
        old, new = shown.pair(found)
        if found.reordered:
            yield f"      ~ {found.label}  order changed: {old} -> {new}{remarks}"
        elif found.before is None:
            yield self._painted(f"      + {found.label}  {new}", "32") + remarks
        elif found.after is None:
            yield self._painted(f"      - {found.label}  {old}", "31") + remarks
        elif _is_text(found):
            yield f"      ~ {found.label}{remarks}"
            yield from self._text_lines(found, shown)
        else:
            yield f"      ~ {found.label}  {old} -> {new}{remarks}"

    def _text_lines(self, found: FieldDifference, shown: ShownValues) -> Iterator[str]:
        """Yields only the lines that differ in a text of several lines, or a summary of JSON."""
        texts = [str(shown.value(found, value)) for value in (found.before, found.after)]
        if summary := summary_of_json(*texts):
            yield f"          {summary}"
            return
        lines = list(self._differing_lines(*(text.splitlines() for text in texts)))
        yield from lines[:_MOST_LINES]
        if len(lines) > _MOST_LINES:
            number = counted(len(lines) - _MOST_LINES, "more changed line")
            yield self._painted(f"          ({number}, which --format json lists)", "2")

    def _differing_lines(self, old: list[str], new: list[str]) -> Iterator[str]:
        from difflib import SequenceMatcher

        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                yield from (
                    self._painted(f"          - {printable(line)}", "31") for line in old[i1:i2]
                )
                yield from (
                    self._painted(f"          + {printable(line)}", "32") for line in new[j1:j2]
                )

    def _remark(self, consequence: Consequence) -> str:
        change_class = consequence.change_class
        hint = "" if consequence.certainty != "heuristic" else ", probably"
        text = f"# {change_class.id}{hint}: {printable(consequence.message)}"
        if consequence.accepted:
            return self._painted(f"{text} (accepted: {consequence.accepted.reason})", "2")
        return self._painted(text, "31;1" if change_class.is_danger else "36")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def remains(change: ClassifiedChange, state: str) -> str:
    """Returns that a removed object stays in the cluster, unless something else states it.

    `state` is that of the environment: from a removed environment, nothing is deleted.
    """
    removal = change.removal
    if removal is None or removal.is_deleted or state == REMOVED:
        return ""
    if any(removal.reason in one.message for one in change.consequences):
        return ""
    old = "the old object " if change.difference.kind is DifferenceKind.RENAMED else ""
    return f"{old}stays in the cluster ({removal.reason}): nothing updates or deletes it any more"


def listed_fields(
    difference: ObjectDifference, consequences: Iterable[Consequence], most: int
) -> list[FieldDifference]:
    """Returns the first changed fields, and all that have a consequence."""
    causes = [one.at for one in consequences]
    readable = [one for one in difference.fields if one.names[-1:] not in _NOISE]
    if difference.id.group_kind == CRD:
        outside = [one for one in readable if one.names[:2] != ("spec", "versions")]
        readable = readable if len(readable) <= _MOST_OF_DEFINITION else outside
    first = readable[:most]
    return [one for one in difference.fields if one in first or one in causes]


def _told_once(consequences: Iterable[Consequence]) -> list[Consequence]:
    return list({(one.change_class.id, one.message): one for one in consequences}.values())


def _is_text(found: FieldDifference) -> bool:
    return all(isinstance(v, str) and "\n" in v for v in (found.before, found.after))


def heading(difference: ObjectDifference) -> str:
    before, after = difference.before, difference.after
    if before is not None and after is not None:
        if difference.kind is DifferenceKind.RENAMED:
            place = f"{after.id.namespace}/" if after.id.namespace else ""
            return f"{before.id} -> {place}{after.id.name}"
        if before.component != after.component:
            return f"{after.id}  (from Application {before.component} to {after.component})"
    return str(difference.id)


def _summary(environment: EnvironmentComparison) -> str:
    """Returns the counts of an environment, its classes, and whether the result is complete."""
    if not environment.changes:
        return "not compared completely" if environment.not_compared else "no change"
    state = f"{environment.state} environment: " if environment.state else ""
    parts = [_counts(environment), _found_classes(environment)]
    if environment.not_compared:
        parts.append("not compared completely")
    return state + "; ".join(parts)


def _counts(environment: EnvironmentComparison) -> str:
    counts = Counter(change.difference.kind for change in environment.changes)
    texts = [f"{counts[kind]} {_COUNTED[kind]}" for kind in DifferenceKind if counts[kind]]
    unchanged = environment.objects - counts.total() + counts[DifferenceKind.REMOVED]
    return ", ".join([*texts, f"{unchanged} unchanged"] if unchanged > 0 else texts)


def _found_classes(environment: EnvironmentComparison) -> str:
    """Returns the classes that are not accepted, with the number of consequences of each."""
    numbers = Counter(
        one.change_class.id for _, one in environment.consequences if one.accepted is None
    )
    is_routine = numbers.pop(_ROUTINE, 0) == len(environment.changes)
    named = ", ".join(f"{name} ({number})" for name, number in numbers.items())
    if is_routine:
        return f"{_ROUTINE}: {named}" if named else _ROUTINE
    if named or environment.is_judged:
        return named or "no danger found"
    return "not checked by the rules of the API server"


def _acceptances(comparison: Comparison) -> Iterator[str]:
    if comparison.acceptances or comparison.needless:
        yield ""
    unused = {one for one, _ in comparison.needless}
    for one in comparison.acceptances:
        if one not in unused:
            place = f"commit {one.commit[:7]} of {one.author}"
            yield f"accepted: {one.class_id} of {one.object}: {one.reason} ({place})"
    for one, problem in comparison.needless:
        text = f"{one.class_id} {one.object}: {one.reason}".strip(" :")
        yield f"Accept-Change in commit {one.commit[:7]} of {one.author} {problem}: {text}"
