"""Applies the rules of the API server to the objects of environments, as far as apicheck runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from gitops_gen.apicheck import ApicheckProgram, Patience, require
from gitops_gen.checks.api.causes import other_causes
from gitops_gen.checks.api.rules import ApiProblem, api_rules
from gitops_gen.checks.api.sessions import Sessions
from gitops_gen.checks.api.verdicts import NO_CRD, Identified, ObjectVerdict, verdicts
from gitops_gen.checks.object_problems import ObjectProblem
from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Environment, ObjectId, Rule
from gitops_gen.render.hydrate.scope import stored_identity

NOT_SELECTED = "the rules of the API server are not selected"
NOT_REPORTED = "only rules that are not selected report a problem"


@dataclass(frozen=True, slots=True)
class ObjectOutcome:
    """The outcome for one object; `not_checked` is the reason if it could not be judged."""

    file: str
    identity: ObjectId
    """The identity in the manifest."""
    not_checked: str = ""


@dataclass(frozen=True, slots=True)
class ApiResult:
    """The result for the objects of one environment."""

    outcomes: tuple[ObjectOutcome, ...]
    problems: tuple[ObjectProblem, ...]
    notes: tuple[str, ...]
    complete: bool
    """Whether apicheck answered about every object, even if some could not be judged."""


@dataclass
class ApiStage:
    """One run. After a failure of apicheck, no further object is judged."""

    patience: Patience = Patience(answer=20)  # noqa: RUF009  # It is frozen.
    rules: frozenset[Rule] = field(default_factory=api_rules)
    """The rules to apply. Without any, apicheck is not needed."""
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
    ) -> ApiResult:
        """Judges the objects in the files of an environment. Raises InvalidInput for other files.

        `components` are those of the environment, by name.
        """
        judging = _Judging(environment, components, files, self.rules)
        if not self.rules:
            return judging.result(NOT_SELECTED)
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
    rules: frozenset[Rule]
    problems: list[ObjectProblem] = field(default_factory=list)
    outcomes: list[ObjectOutcome] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def objects(self) -> Iterator[Identified]:
        for item in self.files.objects():
            component = self.components.get(item.component)
            yield item, stored_identity(item.id, component) if component else item.id

    def add(self, verdict: ObjectVerdict) -> None:
        item = verdict.object
        found = [problem for problem in verdict.problems if problem.rule in self.rules]
        self.problems += (_problem(verdict, problem) for problem in found)
        why = NOT_REPORTED if verdict.problems and not found else verdict.not_checked
        if why == NO_CRD:
            why = _missing_crd(verdict.identity, self.components.values())
        self.outcomes.append(ObjectOutcome(item.file, item.id, why))

    def result(self, failure: str) -> ApiResult:
        if failure:
            remaining = islice(self.files.objects(), len(self.outcomes), None)
            self.outcomes += (ObjectOutcome(item.file, item.id, failure) for item in remaining)
        return ApiResult(tuple(self.outcomes), tuple(self.problems), self.notes, not failure)


def _missing_crd(identity: ObjectId, components: Iterable[Component]) -> str:
    """Returns why the CRD is not available: it may be part of a chart that Argo CD renders."""
    capability = f"crds:{identity.group}"
    for component in components:
        if capability in component.provides and not component.source.is_hydrated:
            return f"the add-on {component.name} is not hydrated, so its CRDs are not available"
    return NO_CRD


def _problem(verdict: ObjectVerdict, problem: ApiProblem) -> ObjectProblem:
    causes = other_causes(problem.field, problem.text) if problem.field else ()
    return ObjectProblem(
        problem.rule,
        verdict.object,
        verdict.identity,
        verdict.object.id,
        problem.text,
        problem.field,
        problem.line,
        alternatives=tuple((verdict.object.id, one) for one in causes),
    )
