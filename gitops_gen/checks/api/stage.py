"""Applies the rules of the API server to the objects of environments, as far as apicheck runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from gitops_gen.apicheck import ApicheckProgram, Patience, require
from gitops_gen.checks.api.rules import Problem, excusable_rules
from gitops_gen.checks.api.sessions import Sessions
from gitops_gen.checks.api.verdicts import Identified, ObjectVerdict, verdicts
from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.model import (
    Environment,
    Excused,
    Finding,
    NotChecked,
    ObjectCounts,
    Position,
    Related,
)
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.scope import stored_identity


@dataclass(frozen=True, slots=True)
class JudgedEnvironment:
    """The result for the objects of one environment."""

    environment: Environment
    counts: ObjectCounts
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    complete: bool
    """Whether apicheck answered about every object, even if some could not be judged."""

    @property
    def excuse_use(self) -> ExcuseUse | None:
        """The use of excuses; None if it is not certain which of them are needed."""
        if not self.complete:
            return None
        return ExcuseUse(self.environment, excusable_rules(), self.excused)


@dataclass
class ApiStage:
    """One run. After a failure of apicheck, no further object is judged."""

    patience: Patience = Patience(answer=20)  # noqa: RUF009  # It is frozen.
    failure: str = ""
    """Why apicheck could not judge all objects."""

    @cached_property
    def program(self) -> ApicheckProgram:
        """The program. Raises ToolFailed."""
        return require()

    @cached_property
    def _sessions(self) -> Sessions:
        return Sessions(self.program, self.patience)

    def close(self) -> None:
        if "_sessions" in vars(self):
            self._sessions.close()

    def judge(
        self, environment: Environment, components: Mapping[str, Component], files: RenderedFiles
    ) -> JudgedEnvironment:
        """Judges the objects in the files of an environment. Raises InvalidInput for other files.

        `components` are those of the environment, by name.
        """
        judging = _Judging(environment, components, files)
        if not self.failure:
            try:
                self._ask_about(judging)
            except ToolFailed as failed:
                self.failure = str(failed)
        return judging.result(self.failure)

    def _ask_about(self, judging: _Judging) -> None:
        kubernetes = str(judging.environment.values["cluster"]["kubernetesVersion"])
        session = self._sessions.session(kubernetes, judging.files.crds_in_use())
        judging.notes = session.notes
        for verdict in verdicts(session, judging.objects()):
            judging.add(verdict)


@dataclass
class _Judging:
    """The verdicts on one environment so far."""

    environment: Environment
    components: Mapping[str, Component]
    files: RenderedFiles
    findings: list[Finding] = field(default_factory=list)
    holds: int = 0
    found: int = 0
    notes: tuple[str, ...] = ()
    not_checked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The numbers of objects by reason and kind."""

    def objects(self) -> Iterator[Identified]:
        for item in self.files.objects():
            component = self.components.get(item.component)
            yield item, stored_identity(item.id, component) if component else item.id

    def add(self, verdict: ObjectVerdict) -> None:
        self.findings += (self._finding(verdict, problem) for problem in verdict.problems)
        if verdict.problems:
            self.found += 1
        elif verdict.not_checked:
            self.not_checked[verdict.not_checked, _kind(verdict.object)] += 1
        else:
            self.holds += 1

    def result(self, failure: str) -> JudgedEnvironment:
        if failure:
            judged = self.holds + self.found + self.not_checked.total()
            remaining = islice(self.files.objects(), judged, None)
            self.not_checked.update((failure, _kind(item)) for item in remaining)
        counting, excused = self.environment.split(self.findings)
        reasons = sorted(self.not_checked.items())
        parts = tuple(NotChecked(kind, number, why) for (why, kind), number in reasons)
        name, notes = self.environment.name, self.notes
        counts = ObjectCounts(name, self.holds, self.found, parts, notes=notes)
        return JudgedEnvironment(self.environment, counts, counting, excused, not failure)

    def _finding(self, verdict: ObjectVerdict, problem: Problem) -> Finding:
        """Returns a finding at the section of the component that renders the object."""
        component = self.components.get(verdict.object.component)
        file = verdict.object.file
        rendered = Related(Position(file, problem.line or 1), "the rendered object")
        return self.environment.finding(
            problem.rule,
            component.section if component else (),
            f"{problem.text} ({file})",
            key=True,
            rendered=verdict.identity,
            related=(rendered,),
        )


def _kind(item: KubeObject) -> str:
    return f"{item.id.kind}.{item.id.group}" if item.id.group else item.id.kind


def by_name(components: Sequence[Component]) -> dict[str, Component]:
    return {component.name: component for component in components}
