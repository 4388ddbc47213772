"""The lists of a comment that answer the questions of a reviewer.

Is it safe to merge, what restarts, and what must be done by hand afterwards? The same answer for
several environments is one item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.changes.classes import RESTART
from gitops_gen.changes.classes.downtime import DOWNTIME
from gitops_gen.changes.context import counted
from gitops_gen.changes.environments import NEW, REMOVED
from gitops_gen.changes.result import (
    Certainty,
    ChangeClass,
    DifferenceKind,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.changes.verdict import EnvironmentEffect, Verdict
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.reading import APPLICATION
from gitops_gen.render.write.stale_files import STALE
from gitops_gen.report.changes.documentation import Documentation
from gitops_gen.report.changes.environment_names import EnvironmentNames
from gitops_gen.report.changes.shown import ShownValues
from gitops_gen.report.changes.statements import Statement, items, listed
from gitops_gen.report.changes.steps_by_hand import steps_by_hand, upgraded_charts
from gitops_gen.report.changes.text_format import heading
from gitops_gen.report.markdown import code, limited, prose, size
from gitops_gen.report.markdown_findings import finding_items

_FOR_ERRORS = 4_000
"""The greatest length of this list, like those below. Together they leave room for the changes."""
_FOR_FOREIGN = 2_000
_FOR_REFUSALS = 6_000
_FOR_DANGERS = 14_000
_FOR_CLASS = 5_000
_FOR_RESTARTS = 5_000
_FOR_STEPS = 6_000
_LEAST_OF_CLASS = 1_150
"""The length that is kept for each class, so that no class is left out."""
_MOST_NAMED = 5
_LONGEST_STEP = 900
_LONGEST_EFFECT = 1_500
"""It has room for an entry that the reader copies into a values file."""
_INTERRUPTION = "**downtime**, "


@dataclass(frozen=True)
class CommentLists:
    """`command` is the command that prints what is left out of the lists."""

    verdict: Verdict
    names: EnvironmentNames
    documentation: Documentation
    command: str

    # What must be changed

    def refused(self) -> list[str]:
        """Returns the errors of the check, the outdated files and what Kubernetes refuses."""
        errors = finding_items(self.verdict.check.checked.errors, "gitops-gen check")
        more = self._more("gitops-gen check")
        lines = limited(errors, _FOR_ERRORS, more)
        lines += self._stale()
        lines += self._of_classes(self.verdict.refusals(), _FOR_REFUSALS)
        return [*lines, ""] if lines else []

    def _stale(self) -> Iterator[str]:
        outdated = [str(one.position.file) for one in self.verdict.stale if one.rule is STALE]
        foreign = [one for one in self.verdict.stale if one.rule is not STALE]
        if outdated:
            noun = "generated file does" if len(outdated) == 1 else "generated files do"
            rest = len(outdated) - _MOST_NAMED
            more = f" and {rest} more" if rest > 0 else ""
            files = ", ".join(map(code, outdated[:_MOST_NAMED]))
            yield (
                f"- **{len(outdated)} {noun} not match the values**: {files}{more}. "
                "Run `gitops-gen render` and commit the result."
            )
        more_files = self._more("gitops-gen render --check")
        yield from limited(
            finding_items(foreign, "gitops-gen render --check"), _FOR_FOREIGN, more_files
        )

    # What is dangerous

    def dangers(self) -> list[str]:
        """Returns the dangers that nobody has accepted, by class, each with its remedy."""
        lines = self._of_classes(self.verdict.dangers(), _FOR_DANGERS)
        return [*lines, ""] if lines else []

    def _of_classes(self, effects: Iterable[EnvironmentEffect], budget: int) -> list[str]:
        classes: dict[ChangeClass, list[EnvironmentEffect]] = {}
        for one in effects:
            classes.setdefault(one.consequence.change_class, []).append(one)
        found = sorted(classes.items(), key=lambda item: item[0].rank)
        lines: list[str] = []
        for number, (change_class, of_class) in enumerate(found, 1):
            kept = _LEAST_OF_CLASS * (len(found) - number)
            left = min(_FOR_CLASS, budget - size(lines) - kept)
            lines += self._of_class(change_class, of_class, left)
        return lines

    def _of_class(
        self, found: ChangeClass, effects: list[EnvironmentEffect], budget: int
    ) -> Iterator[str]:
        more = self._more(self.command, "  ")
        title = f"- **{found.id}**: {found.title}."
        left = budget - size((title, more(0), more(0)))
        remedies = limited(self._remedies(found, effects), left * 2 // 3, more)
        yield title
        yield from limited(self._effect_items(effects), left - size(remedies), more)
        yield from remedies

    def _remedies(self, found: ChangeClass, effects: Iterable[EnvironmentEffect]) -> Iterator[str]:
        """Yields what to do. Only texts that contain no name of the repository get links."""
        more = f" See {self.documentation.linked(found.link)}."
        for remedy in dict.fromkeys(one.consequence.remedy for one in effects):
            is_of_class = remedy == found.remedy
            text = (
                self.documentation.linked(remedy) if is_of_class else prose(remedy, _LONGEST_STEP)
            )
            yield f"  - *What to do:* {text}{more}"
            more = ""

    def _effect_items(self, effects: Iterable[EnvironmentEffect]) -> Iterator[str]:
        found = (_statement(one, _effect_text(one)) for one in effects)
        yield from (f"  - {item}" for item in items(found, self.names))

    # What restarts

    def restarts(self) -> list[str]:
        """Returns which Pods are replaced, and of which components this is not known."""
        # An interruption is what a reviewer must see first.
        found = sorted(self._restarting(), key=lambda one: _INTERRUPTION not in one.text)
        found += (
            Statement(environment, application, "not known, because Argo CD renders the chart")
            for (application, _), names in self._changed_charts.items()
            for environment in names
        )
        lines = [f"- {item}" for item in items(found, self.names)]
        return limited(lines, _FOR_RESTARTS, self._more(self.command)) or ["No Pod is restarted."]

    def _restarting(self) -> Iterator[Statement]:
        """Yields each workload whose Pods are replaced, with everything that is said about it."""
        texts: dict[tuple[str, str], list[str]] = {}
        for one in filter(_replaces_pods, self.verdict.effects()):
            key = one.environment.name, heading(one.difference)
            texts.setdefault(key, []).append(_restart_text(one))
        for (environment, workload), parts in texts.items():
            yield Statement(environment, workload, "; ".join(parts))

    @cached_property
    def _changed_charts(self) -> dict[tuple[str, str], list[str]]:
        """The Applications that render another version or other values, and their charts."""
        found: dict[tuple[str, str], list[str]] = {}
        for environment in self.verdict.comparison.environments:
            if environment.state not in (NEW, REMOVED):
                for change in environment.changes:
                    if chart := changed_chart(change.difference):
                        key = str(change.difference.id), chart
                        found.setdefault(key, []).append(environment.name)
        return found

    # What must be done by hand

    def by_hand(self) -> list[str]:
        """Returns the steps that nobody but a person does after the merge."""
        lines = [f"- [ ] {item}" for item in items(self._steps(), self.names)]
        if charts := upgraded_charts(self.verdict.comparison):
            noun = "chart" if len(charts) == 1 else "charts"
            lines.append(f"- [ ] Do what the release notes of the {noun} {listed(charts)} require")
        return limited(lines, _FOR_STEPS, self._more(self.command)) or ["Nothing."]

    def _steps(self) -> Iterator[Statement]:
        for environment, step in steps_by_hand(self.verdict.comparison):
            yield Statement(environment, "", prose(step, _LONGEST_STEP))

    def _more(self, command: str, indent: str = "") -> Callable[[int], str]:
        shown = code(command)
        return lambda number: f"{indent}- **… and {number} more**, which {shown} shows"


def _effect_text(one: EnvironmentEffect) -> str:
    consequence = one.consequence
    probably = " (probably)" if consequence.certainty is Certainty.HEURISTIC else ""
    return f"{prose(consequence.message, _LONGEST_EFFECT)}{probably}{_field_text(one)}"


def _statement(one: EnvironmentEffect, text: str) -> Statement:
    return Statement(one.environment.name, heading(one.difference), text)


def _field_text(one: EnvironmentEffect) -> str:
    """Returns the field that causes the effect, with its values; empty for a whole object."""
    found = one.consequence.at
    if found is None:
        return ""
    label = code(found.label, 160)
    if found.reordered:
        return f" ({label}: another order)"
    old, new = (code(text, 120) for text in ShownValues(one.difference).pair(found))
    if found.before is None:
        return f" ({label}: {new} is added)"
    return f" ({label}: {old} is removed)" if found.after is None else f" ({label}: {old} → {new})"


def _replaces_pods(one: EnvironmentEffect) -> bool:
    is_restart = one.consequence.change_class.id in (RESTART, DOWNTIME.id)
    return is_restart and one.environment.state not in (NEW, REMOVED)


def _restart_text(one: EnvironmentEffect) -> str:
    is_downtime = one.consequence.change_class.id == DOWNTIME.id
    return f"{_INTERRUPTION if is_downtime else ''}{prose(one.consequence.message)}"


def changed_chart(difference: ObjectDifference) -> str:
    """Returns the chart of an Application whose version or values change; otherwise nothing."""
    if difference.id.group_kind != APPLICATION or not difference.is_update:
        return ""
    chart = value_at(difference.new, "spec", "source", "chart")
    is_changed = next(difference.below("spec", "source"), None) is not None
    return str(chart) if chart and is_changed else ""


def headline(verdict: Verdict, names: EnvironmentNames) -> str:
    """Returns which environments change, and what happens to how many objects in all of them."""
    every = verdict.comparison.environments
    changed = [one for one in every if one.changes or one.state]
    partial = [one.name for one in every if one.not_compared]
    unknown = f" Not compared completely: {names.markdown(partial)}." if partial else ""
    if changed:
        found = tuple(one.name for one in changed)
        place = f"Changes in {names.markdown(found)}"
        if len(changed) < len(every):
            share = f" ({len(changed)} of {counted(len(every), 'environment')})"
            # The names of many environments are preceded by their number.
            place += share if names.are_listed(found) else f", of {len(every)} in all"
        return f"{place}.{_objects(changed, names)}{unknown}"
    if complete := len(every) - len(partial):
        return f"No object changes in {counted(complete, 'environment')}.{unknown}"
    return unknown.strip() or "The repository has no environment."


def _objects(changed: Sequence[EnvironmentComparison], names: EnvironmentNames) -> str:
    """Returns the numbers of changed objects. Those of a removed environment stay as they are."""
    removed = [one.name for one in changed if one.state == REMOVED]
    stay = f" All objects of {names.markdown(removed)} stay in the cluster." if removed else ""
    if len(removed) == len(changed):
        return stay
    kinds = Counter(
        change.difference.kind for one in changed if one.state != REMOVED for change in one.changes
    )
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in DifferenceKind if kinds[kind])
    return f" Objects: {counts or 'none'}.{stay}"
