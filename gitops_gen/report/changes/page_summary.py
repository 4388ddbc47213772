"""The first part of the HTML page: may it be merged, what restarts, what must be done by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.changes.classes import REFUSED, RESTART, change_classes
from gitops_gen.changes.context import counted
from gitops_gen.changes.result import ChangeClass, Comparison
from gitops_gen.changes.verdict import Decision, Verdict
from gitops_gen.report.changes.page_data import Json, accepted_by

_MOST_NAMES = 5
_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class EffectOnObject:
    """One effect of a change; `number` is that of the change in the page."""

    number: int
    title: str
    text: str
    probably: bool
    field: str
    """The field that causes it, with its values if they are short; empty for a whole object."""
    environments: str


@dataclass(frozen=True, slots=True)
class ClassOfDangers:
    """All dangers of one class that nobody has accepted."""

    change_class: ChangeClass
    items: tuple[EffectOnObject, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class PageSummary:
    """The texts of the verdict, built from the data of the page."""

    verdict: Verdict
    data: Json

    @property
    def headline(self) -> str:
        return _HEADLINES[self.verdict.decision]

    @property
    def tone(self) -> str:
        """The name of the colour of the headline."""
        return _TONES[self.verdict.decision]

    @property
    def counts(self) -> str:
        """Returns the numbers of problems and of changed objects."""
        verdict, parts = self.verdict, []
        if refused := len(list(verdict.refusals())):
            parts.append(counted(refused, "refused change"))
        if dangers := len(list(verdict.dangers())):
            parts.append(counted(dangers, "danger"))
        if errors := verdict.check.checked.errors:
            parts.append(counted(len(errors), "error") + " of the check")
        if verdict.stale:
            parts.append(counted(len(verdict.stale), "generated file") + " out of date")
        return ", ".join([*parts, self._size()])

    def _size(self) -> str:
        changed = [one for one in self._comparison.environments if one.changes]
        objects = sum(len(one.changes) for one in changed)
        if not objects:
            return "no object differs"
        different = counted(objects, "changed object")
        return f"{different} in {counted(len(changed), 'environment')}"

    @property
    def dangers(self) -> list[ClassOfDangers]:
        """Returns the classes of dangers that were found, the most dangerous first."""
        found = [_class_of_dangers(one, self.data) for one in change_classes() if one.is_danger]
        return [one for one in found if one.items]

    @property
    def restarts(self) -> list[EffectOnObject]:
        return [item for item, _ in _effects(self.data, RESTART)]

    @property
    def by_hand(self) -> list[str]:
        """Returns what somebody must do after the merge, each text once."""
        texts = [text for one in self._comparison.environments for text in one.by_hand]
        texts += [
            one.afterwards
            for environment in self._comparison.environments
            for _, one in environment.consequences
            if one.afterwards and (one.accepted or one.change_class.id != REFUSED)
        ]
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


_HEADLINES = {
    Decision.REFUSED: "Not to be merged as it is",
    Decision.DANGEROUS: "To be merged only if the dangers are intended",
    Decision.INCOMPLETE: "No danger was found, but not everything was compared or checked",
    Decision.HARMLESS: "May be merged: no danger was found",
    Decision.UNCHANGED: "May be merged: nothing changes in any cluster",
}
_TONES = {
    Decision.REFUSED: "bad",
    Decision.DANGEROUS: "warn",
    Decision.INCOMPLETE: "warn",
    Decision.HARMLESS: "good",
    Decision.UNCHANGED: "good",
}


def _class_of_dangers(change_class: ChangeClass, data: Json) -> ClassOfDangers:
    found = list(_effects(data, change_class.id))
    remedies = dict.fromkeys(remedy for _, remedy in found)
    return ClassOfDangers(change_class, tuple(item for item, _ in found), tuple(remedies))


def _effects(data: Json, class_id: str) -> Iterator[tuple[EffectOnObject, str]]:
    """Yields the effects of a class that nobody has accepted, each with its remedy."""
    number = -1
    for group in data["groups"]:
        names = _names([data["environments"][one] for one in group["environments"]])
        for change in group["changes"]:
            number += 1
            for one in _told_once(change["effects"], class_id):
                field = _field(change["fields"], one["field"])
                texts = change["title"], one["text"], one["probably"], field, names
                yield EffectOnObject(number, *texts), one["remedy"]


def _field(fields: Sequence[Json], number: int) -> str:
    if number < 0:
        return ""
    label, rows = fields[number]["label"], fields[number]["rows"]
    if len(rows) == 1 and rows[0][0] == "~" and max(map(len, rows[0])) <= _LONGEST_VALUE:
        return f"{label}: {rows[0][1]} -> {rows[0][2]}"
    return str(label)


def _told_once(effects: Sequence[Json], class_id: str) -> list[Json]:
    found = [one for one in effects if one["class"] == class_id and not one["accepted"]]
    return list({one["text"]: one for one in found}.values())


def _names(names: Sequence[str]) -> str:
    """Returns the names of environments as one text, of many environments only the first ones."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more"
