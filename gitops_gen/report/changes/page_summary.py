"""The first part of the HTML page: may it be merged, what restarts, what must be done by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.changes.classes import REFUSED, RESTART, change_classes
from gitops_gen.changes.classes.downtime import DOWNTIME
from gitops_gen.changes.context import counted
from gitops_gen.changes.environments import NEW, REMOVED
from gitops_gen.changes.result import ChangeClass, Comparison
from gitops_gen.changes.verdict import Decision, Verdict
from gitops_gen.report.changes.markdown_format import ANSWERS
from gitops_gen.report.changes.page_data import Json, accepted_by
from gitops_gen.report.changes.steps_by_hand import steps_by_hand, upgraded_charts

_MOST_NAMES = 5
_LONGEST_VALUE = 60
_RELEASE_NOTES = "Do what the release notes of the chart"
_NOT_KNOWN = "not known, because Argo CD renders the chart"


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """A change in the list of the page, to which the verdict has a link."""

    number: int
    title: str
    environments: str
    chart: str
    """The chart whose version or values change; empty for all other changes."""
    is_running: bool
    """Whether the environments exist in both revisions."""


@dataclass(frozen=True, slots=True)
class EffectOnObject:
    """One effect of a change."""

    change: ChangeLink
    class_id: str
    is_danger: bool
    text: str
    remedy: str = ""
    field: str = ""
    """The field that causes it, with its values if they are short; empty for a whole object."""


@dataclass(frozen=True, slots=True)
class ClassOfDangers:
    """All dangers of one class that nobody has accepted."""

    change_class: ChangeClass
    items: Sequence[EffectOnObject]

    @property
    def remedies(self) -> list[str]:
        return list(dict.fromkeys(one.remedy for one in self.items))


@dataclass(frozen=True)
class PageSummary:
    """The texts of the verdict, built from the data of the page."""

    verdict: Verdict
    data: Json

    @property
    def headline(self) -> str:
        return ANSWERS[self.verdict.decision].rstrip(".")

    @property
    def tone(self) -> str:
        """The name of the colour of the headline."""
        return _TONES[self.verdict.decision]

    @property
    def counts(self) -> str:
        """Returns the numbers of problems and of changed objects."""
        verdict, parts = self.verdict, []
        dangers = [one for one in self._effects if one.is_danger]
        refused = sum(one.class_id == REFUSED for one in dangers)
        if refused:
            parts.append(counted(refused, "refused change"))
        if len(dangers) > refused:
            parts.append(counted(len(dangers) - refused, "danger"))
        if errors := verdict.check.checked.errors:
            parts.append(counted(len(errors), "error") + " of the check")
        if verdict.stale:
            parts.append(counted(len(verdict.stale), "generated file") + " out of date")
        return ", ".join([*parts, self._size()])

    def _size(self) -> str:
        changed = [one for one in self._comparison.environments if one.changes]
        objects = sum(len(one.changes) for one in changed)
        if not objects:
            is_partial = any(one.not_compared for one in self._comparison.environments)
            return "no object differs" + (" in what was compared" if is_partial else "")
        different = counted(objects, "changed object")
        return f"{different} in {counted(len(changed), 'environment')}"

    @cached_property
    def _effects(self) -> list[EffectOnObject]:
        """The effects that nobody has accepted, in the order of the page."""
        return list(_effects(self.data))

    @property
    def dangers(self) -> list[ClassOfDangers]:
        """Returns the classes of dangers that were found, the most dangerous first."""
        found: dict[str, list[EffectOnObject]] = {}
        for one in self._effects:
            if one.is_danger:
                found.setdefault(one.class_id, []).append(one)
        return [ClassOfDangers(one, found[one.id]) for one in change_classes() if one.id in found]

    @property
    def restarts(self) -> list[EffectOnObject]:
        """Returns which Pods stop or are replaced, and of which charts this is not known."""
        running = [one for one in self._effects if one.change.is_running]
        return [
            *(one for one in running if one.class_id == DOWNTIME.id),
            *(one for one in running if one.class_id == RESTART),
            *(EffectOnObject(one, RESTART, False, _NOT_KNOWN) for one in self._charts),
        ]

    @cached_property
    def _charts(self) -> list[ChangeLink]:
        return [one for one, _ in _changes(self.data) if one.chart and one.is_running]

    @property
    def by_hand(self) -> list[str]:
        """Returns what somebody must do after the merge, each text once."""
        texts = [text for _, text in steps_by_hand(self._comparison)]
        texts += [f"{_RELEASE_NOTES} {one} require" for one in upgraded_charts(self._comparison)]
        return list(dict.fromkeys(texts))

    @property
    def accepted(self) -> list[str]:
        """Returns the acceptances, and those that have no effect."""
        comparison = self._comparison
        unused = {one for one, _ in comparison.needless}
        used = [one for one in comparison.acceptances if one not in unused]
        texts = [f"{one.class_id} of {one.object}: {accepted_by(one)}" for one in used]
        for one, problem in comparison.needless:
            text = f"{one.class_id} {one.object}: {accepted_by(one)}"
            texts.append(f"Accept-Change {problem}: {text}")
        return texts

    @property
    def unknown(self) -> list[str]:
        """Returns what could not be compared or checked, each text once."""
        return list(dict.fromkeys(self._unknown()))

    def _unknown(self) -> Iterator[str]:
        comparison, check = self._comparison, self.verdict.check
        if comparison.unchecked_because:
            yield f"No rule of the API server was applied: {comparison.unchecked_because}"
        if check.failure:
            yield f"The check is not complete: {check.failure}"
        for environment in comparison.environments:
            for one in environment.not_compared:
                yield f"Not compared: {environment.name}: {one.subject}: {one.reason}"
        for environment in comparison.environments:
            for one in environment.not_checked:
                yield f"Not checked: {one.subject}: {one.reason}"

    @property
    def notes(self) -> list[str]:
        """Returns the notes about both revisions and about environments, each text once."""
        comparison = self._comparison
        texts = list(comparison.notes)
        for one in comparison.environments:
            texts += [f"{one.name}: {one.state} environment"] if one.state else []
            texts += [f"{one.name}: {note}" for note in one.notes]
        return list(dict.fromkeys(texts))

    @property
    def _comparison(self) -> Comparison:
        return self.verdict.comparison


_TONES = {
    Decision.REFUSED: "bad",
    Decision.DANGEROUS: "warn",
    Decision.INCOMPLETE: "warn",
    Decision.HARMLESS: "good",
    Decision.UNCHANGED: "good",
}


def _changes(data: Json) -> Iterator[tuple[ChangeLink, Json]]:
    """Yields the changes in the order of the page."""
    number = 0
    for group in data["groups"]:
        names = _names([data["environments"][one] for one in group["environments"]])
        is_running = group["state"] not in (NEW, REMOVED)
        for change in group["changes"]:
            yield ChangeLink(number, change["title"], names, change["chart"], is_running), change
            number += 1


def _effects(data: Json) -> Iterator[EffectOnObject]:
    """Yields the effects that nobody has accepted. A message about several fields is one effect."""
    for link, change in _changes(data):
        found: dict[tuple[str, str], Json] = {}
        for one in change["effects"]:
            if not one["accepted"]:
                found.setdefault((one["class"], one["text"]), one)
        for one in found.values():
            field = _field(change["fields"], one["field"])
            text = f"probably: {one['text']}" if one["probably"] else one["text"]
            yield EffectOnObject(link, one["class"], one["danger"], text, one["remedy"], field)


def _field(fields: Sequence[Json], number: int) -> str:
    if number < 0:
        return ""
    label, rows = fields[number]["label"], fields[number]["rows"]
    if len(rows) == 1 and rows[0][0] == "~" and max(map(len, rows[0])) <= _LONGEST_VALUE:
        return f"{label}: {rows[0][1]} -> {rows[0][2]}"
    return str(label)


def _names(names: Sequence[str]) -> str:
    """Returns the names of environments as one text, of many environments only the first ones."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more"
