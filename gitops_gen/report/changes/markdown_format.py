"""The verdict about a pull request as one comment, which always fits.

The answers come first: whether the change may be merged, its dangers, what restarts, and what must
be done by hand. All other parts are folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.changes.context import counted
from gitops_gen.changes.result import Acceptance, Comparison
from gitops_gen.changes.verdict import Decision, EnvironmentEffect, Verdict
from gitops_gen.report.changes.comment_details import change_details
from gitops_gen.report.changes.comment_lists import CommentLists, headline
from gitops_gen.report.changes.documentation import Documentation
from gitops_gen.report.changes.environment_names import EnvironmentNames
from gitops_gen.report.changes.shared_changes import shared_changes
from gitops_gen.report.markdown import LIMIT, MARKER, code, limited, prose, size
from gitops_gen.report.markdown_format import other_findings, outcomes

_ALERTS = {
    Decision.REFUSED: "CAUTION",
    Decision.DANGEROUS: "WARNING",
    Decision.INCOMPLETE: "WARNING",
    Decision.HARMLESS: "TIP",
    Decision.UNCHANGED: "NOTE",
}
ANSWERS = {
    Decision.REFUSED: "Do not merge yet.",
    Decision.DANGEROUS: "Merge only if the dangers below are acceptable.",
    Decision.INCOMPLETE: "It is not known whether it is safe to merge.",
    Decision.HARMLESS: "No danger was found.",
    Decision.UNCHANGED: "No changes.",
}
_FOR_MISSING = 3_000
_FOR_NOTES = 2_000
_FOR_ACCEPTANCES = 2_500
_FOR_WARNINGS = 5_000
_FOR_OBJECTS = 4_000
_UNKNOWN = (
    "Two revisions do not show whether a claim is bound, whether an Application exists already, or "
    "what was changed in the cluster by hand: `gitops-gen rehearse` shows more."
)


def verdict_report(verdict: Verdict) -> str:
    return _Comment(verdict).text()


@dataclass(frozen=True)
class _Comment:
    verdict: Verdict

    @cached_property
    def _names(self) -> EnvironmentNames:
        return EnvironmentNames(tuple(one.name for one in self._comparison.environments))

    @property
    def _comparison(self) -> Comparison:
        return self.verdict.comparison

    @property
    def _command(self) -> str:
        commit = self._comparison.base.split(",")[0].split(" ")[0]
        return f"gitops-gen diff --base {commit}"

    def text(self) -> str:
        lines = [MARKER, "", *self._answer(), *self._lists(), *self._notes()]
        folded = [
            *other_findings(self.verdict.check.checked, _FOR_WARNINGS),
            *outcomes(self.verdict.check.checked, _FOR_OBJECTS),
        ]
        end = ["---", f"<sub>{self._origin()}</sub>"]
        left = LIMIT - size(lines) - size(folded) - size(end)
        return "\n".join([*lines, *self._details(left), *folded, "", *end]) + "\n"

    def _answer(self) -> list[str]:
        decision = self.verdict.decision
        reasons = ", ".join(self._reasons())
        lead = f"**{ANSWERS[decision]}**"
        return [
            f"> [!{_ALERTS[decision]}]",
            f"> {lead} {reasons[:1].upper()}{reasons[1:]}." if reasons else f"> {lead}",
            ">",
            f"> {headline(self.verdict, self._names)}",
            "",
        ]

    def _reasons(self) -> Iterator[str]:
        """Yields the numbers behind the decision."""
        check = self.verdict.check
        if check.checked.errors:
            yield f"the check reports {counted(len(check.checked.errors), 'error')}"
        if self.verdict.stale:
            yield f"{counted(len(self.verdict.stale), 'generated file')} must be rendered again"
        if refusals := self._number(self.verdict.refusals()):
            yield f"{counted(refusals, 'change')} would be refused"
        if dangers := self._number(self.verdict.dangers()):
            noun = "danger is" if dangers == 1 else "dangers are"
            yield f"{dangers} {noun} not accepted"
        if self.verdict.is_incomplete:
            yield "a part was not compared or not checked"
        if accepted := len(self._comparison.acceptances):
            yield f"{counted(accepted, 'danger')} accepted by trailers"

    def _number(self, effects: Iterable[EnvironmentEffect]) -> int:
        """Returns the number of effects; those of several environments count once."""
        return len(
            {
                (str(one.difference.id), one.consequence.change_class.id, one.consequence.message)
                for one in effects
            }
        )

    def _lists(self) -> Iterator[str]:
        lists = CommentLists(
            self.verdict, self._names, Documentation.of(self.verdict.root), self._command
        )
        if refused := lists.refused():
            yield from ("### What must be changed first", "", *refused)
        if dangers := lists.dangers():
            yield from ("### Dangers", "", *dangers)
        if self.verdict.has_changes:
            yield from ("### What restarts", "", *lists.restarts(), "")
            yield from ("### To do by hand after the merge", "", *lists.by_hand(), "")

    def _notes(self) -> Iterator[str]:
        """Yields what is not known, and what was accepted."""
        if missing := limited(self._missing(), _FOR_MISSING, self._more):
            yield from ("### Not compared or not checked", "", *missing, "")
        if notes := limited(self._environment_notes(), _FOR_NOTES, self._more):
            yield from ("### Notes", "", *notes, "")
        if accepted := limited(self._acceptances(), _FOR_ACCEPTANCES, self._more):
            yield from ("### Accepted dangers", "", *accepted, "")

    def _missing(self) -> Iterator[str]:
        reasons = dict.fromkeys((self._comparison.unchecked_because, self.verdict.check.failure))
        yield from (f"- **Not checked**: {prose(reason)}" for reason in reasons if reason)
        found: dict[str, list[str]] = {}
        for environment in self._comparison.environments:
            for one in environment.not_compared:
                text = f"- **Not compared**: {code(one.subject)}: {prose(one.reason)}"
                found.setdefault(text, []).append(environment.name)
            for one in environment.not_checked:
                text = f"- **Not checked**: {code(one.subject)}: {prose(one.reason)}"
                found.setdefault(text, []).append(environment.name)
        yield from self._with_environments(found)

    def _environment_notes(self) -> Iterator[str]:
        of_check = {note for one in self.verdict.check.checked.objects for note in one.notes}
        for note in self._comparison.notes:
            # The check has the same notes about versions of Kubernetes.
            if not any(note.endswith(one) for one in of_check):
                yield f"- Note: {prose(note)}"
        found: dict[str, list[str]] = {}
        for environment in self._comparison.environments:
            for note in environment.notes:
                found.setdefault(f"- Note: {prose(note)}", []).append(environment.name)
        yield from self._with_environments(found)

    def _with_environments(self, found: dict[str, list[str]]) -> Iterator[str]:
        for text, names in found.items():
            yield f"{text} — {self._names.markdown(names)}"

    def _acceptances(self) -> Iterator[str]:
        unused = {one for one, _ in self._comparison.needless}
        for one in self._comparison.acceptances:
            if one not in unused:
                yield f"- **{one.class_id}** {code(one.object)}: {_reason(one)}"
        for one, problem in self._comparison.needless:
            subject = code(f"{one.class_id} {one.object}".strip())
            yield f"- The trailer {subject} {prose(problem)}: {_reason(one)}"

    def _more(self, number: int) -> str:
        return f"- **… and {number} more**, which {code(self._command)} shows"

    def _details(self, budget: int) -> Iterator[str]:
        groups = shared_changes(self._comparison.environments)
        if groups:
            title = ["### Changes", ""]
            left = budget - size(title)
            yield from (*title, *change_details(groups, self._names, left, self._command))

    def _origin(self) -> str:
        base = prose(self._comparison.base)
        return f"Compared: {base} → {prose(self._comparison.head)}. {_UNKNOWN}"


def _reason(one: Acceptance) -> str:
    return f"{prose(one.reason)} (commit {code(one.commit[:7])} of {code(one.author, 80)})"
