"""The lists of a comment that answer the questions of a reviewer.

Is it safe to merge, what restarts, and what must be done by hand afterwards? The same answer for
several environments is one item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.changes.classes import REFUSED, RESTART
from gitops_gen.changes.classes.downtime import DOWNTIME
from gitops_gen.changes.context import counted
from gitops_gen.changes.environments import NEW, REMOVED
from gitops_gen.changes.result import Certainty, ChangeClass, ObjectDifference
from gitops_gen.changes.verdict import Effect, Verdict
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.reading import APPLICATION
from gitops_gen.render.write.stale_files import STALE
from gitops_gen.report.changes.documentation import Documentation
from gitops_gen.report.changes.environment_names import EnvironmentNames
from gitops_gen.report.changes.shown import ShownValues
from gitops_gen.report.changes.text_format import heading
from gitops_gen.report.markdown import code, limited, prose
from gitops_gen.report.markdown_findings import finding_items

_FOR_FINDINGS = 5_000
_FOR_CLASS = 3_000
"""The greatest length of the list of one class."""
_FOR_RESTARTS = 6_000
_FOR_STEPS = 6_000
_MOST_FILES = 5


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
        errors = finding_items(self.verdict.check.checked.errors)
        more = self._more("gitops-gen check")
        lines = limited(errors, _FOR_FINDINGS, more)
        lines += self._stale()
        lines += self._of_classes(self.verdict.refusals())
        return [*lines, ""] if lines else []

    def _stale(self) -> Iterator[str]:
        outdated = [str(one.position.file) for one in self.verdict.stale if one.rule is STALE]
        others = [one for one in self.verdict.stale if one.rule is not STALE]
        if outdated:
            noun = "generated file does" if len(outdated) == 1 else "generated files do"
            rest = len(outdated) - _MOST_FILES
            more = f" and {rest} more" if rest > 0 else ""
            files = ", ".join(map(code, outdated[:_MOST_FILES]))
            yield (
                f"- **{len(outdated)} {noun} not match the values**: {files}{more}. "
                "Run `gitops-gen render` and commit the result."
            )
        more_files = self._more("gitops-gen render --check")
        yield from limited(finding_items(others), _FOR_FINDINGS, more_files)

    # What is dangerous

    def dangers(self) -> list[str]:
        """Returns the dangers that nobody has accepted, by class, each with its remedy."""
        lines = self._of_classes(self.verdict.dangers())
        return [*lines, ""] if lines else []

    def _of_classes(self, effects: Iterable[Effect]) -> list[str]:
        classes: dict[ChangeClass, list[Effect]] = {}
        for one in effects:
            classes.setdefault(one.consequence.change_class, []).append(one)
        found = sorted(classes.items(), key=lambda item: item[0].rank)
        return [line for one, of_class in found for line in self._of_class(one, of_class)]

    def _of_class(self, found: ChangeClass, effects: list[Effect]) -> Iterator[str]:
        yield f"- **{found.id}**: {found.title}."
        yield from limited(self._effect_items(effects), _FOR_CLASS, self._more(self.command, "  "))
        remedies = dict.fromkeys(one.consequence.remedy for one in effects)
        if found.remedy in remedies:
            yield f"  - *What to do:* {self.documentation.linked(found.remedy)}"
        special = (
            f"  - *What to do:* {prose(one, 900)}" for one in remedies if one != found.remedy
        )
        yield from limited(special, _FOR_CLASS, self._more(self.command, "  "))
        yield f"  - *About this class:* {self.documentation.linked(found.link)}"

    def _effect_items(self, effects: Iterable[Effect]) -> Iterator[str]:
        for text, environments in self._shared(effects, _effect_text):
            yield f"  - {text} — {self.names.markdown(environments)}"

    # What restarts

    def restarts(self) -> list[str]:
        """Returns which Pods are replaced, and of which components this is not known."""
        found = (one for one in self.verdict.effects() if _replaces_pods(one))
        items = [
            f"- {text} — {self.names.markdown(environments)}"
            for text, environments in self._shared(found, _restart_text)
        ]
        items += self._unknown_restarts()
        return limited(items, _FOR_RESTARTS, self._more(self.command)) or ["No Pod is restarted."]

    def _unknown_restarts(self) -> Iterator[str]:
        environments: dict[str, list[str]] = {}
        for environment in self.verdict.comparison.environments:
            for change in environment.changes:
                if environment.state not in (NEW, REMOVED) and (
                    chart := _changed_chart(change.difference)
                ):
                    text = (
                        f"{code(str(change.difference.id))}: not known. Argo CD renders the chart"
                    )
                    environments.setdefault(f"{text} {code(chart)}", []).append(environment.name)
        for text, names in environments.items():
            yield f"- {text} — {self.names.markdown(names)}"

    # What must be done by hand

    def by_hand(self) -> list[str]:
        """Returns the steps that nobody but a person does after the merge."""
        steps: dict[str, list[str]] = {}
        for environment in self.verdict.comparison.environments:
            for step in environment.by_hand:
                steps.setdefault(step, []).append(environment.name)
        for one in sorted(self.verdict.effects(), key=lambda e: e.consequence.change_class.rank):
            if one.consequence.afterwards and _is_applied(one):
                steps.setdefault(one.consequence.afterwards, []).append(one.environment.name)
        items = (
            f"- [ ] {prose(step, 900)} — {self.names.markdown(list(dict.fromkeys(names)))}"
            for step, names in steps.items()
        )
        return limited(items, _FOR_STEPS, self._more(self.command)) or ["Nothing."]

    # Shared parts

    def _shared(
        self, effects: Iterable[Effect], text_of: Callable[[Effect], str]
    ) -> Iterator[tuple[str, list[str]]]:
        """Yields each text with all environments that it is about."""
        found: dict[str, dict[str, None]] = {}
        for one in effects:
            found.setdefault(text_of(one), {})[one.environment.name] = None
        yield from ((text, list(names)) for text, names in found.items())

    def _more(self, command: str, indent: str = "") -> Callable[[int], str]:
        shown = code(command)
        return lambda number: f"{indent}- **… and {number} more**, which {shown} shows"


def _effect_text(one: Effect) -> str:
    consequence = one.consequence
    probably = " (probably)" if consequence.certainty is Certainty.HEURISTIC else ""
    message = f"{code(heading(one.difference))}: {prose(consequence.message)}{probably}"
    return f"{message}{_field_text(one)}"


def _field_text(one: Effect) -> str:
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


def _replaces_pods(one: Effect) -> bool:
    is_restart = one.consequence.change_class.id in (RESTART, DOWNTIME.id)
    return is_restart and one.environment.state not in (NEW, REMOVED)


def _restart_text(one: Effect) -> str:
    """Returns the object and what happens. An interruption is marked."""
    is_downtime = one.consequence.change_class.id == DOWNTIME.id
    lead = "**downtime**: " if is_downtime else ""
    return f"{code(heading(one.difference))}: {lead}{prose(one.consequence.message)}"


def _changed_chart(difference: ObjectDifference) -> str:
    """Returns the chart of an Application whose version or values change; otherwise nothing."""
    if difference.id.group_kind != APPLICATION or not difference.is_update:
        return ""
    chart = value_at(difference.new, "spec", "source", "chart")
    is_changed = next(difference.below("spec", "source"), None) is not None
    return str(chart) if chart and is_changed else ""


def _is_applied(one: Effect) -> bool:
    """Whether the change reaches the cluster, or somebody has accepted to bring it there."""
    refused = one.consequence.change_class.id == REFUSED
    return not refused or one.consequence.accepted is not None


def headline(verdict: Verdict) -> str:
    """Returns how many objects of how many environments change."""
    every = verdict.comparison.environments
    changed = [one for one in every if one.changes or one.state]
    objects = sum(len(one.changes) for one in changed)
    if not changed:
        return f"No object changes in {counted(len(every), 'environment')}."
    verb = "changes" if len(changed) == 1 else "change"
    place = f"{len(changed)} of {counted(len(every), 'environment')} {verb}"
    return f"{place}, with {counted(objects, 'changed object')} together."
