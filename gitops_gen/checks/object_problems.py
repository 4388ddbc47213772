"""Problems of rendered objects, and the findings about them at the lines of the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gitops_gen.checks.chart_values import unchecked_values
from gitops_gen.checks.rules import object_rules
from gitops_gen.checks.selection import EVERY_RULE, RuleSelection
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.components.types import Component
from gitops_gen.model import (
    Environment,
    FieldPath,
    Finding,
    NotChecked,
    ObjectId,
    Position,
    Related,
    Rule,
)
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance import Line

RenderedField: TypeAlias = tuple[ObjectId, FieldPath]
"""A field of an object, with the identity in its manifest."""
LinesBehind: TypeAlias = Callable[[Sequence[RenderedField]], Sequence[Line | None]]


@dataclass(frozen=True, slots=True)
class ObjectProblem:
    """What is wrong with one object. `line` is the line of its manifest, if that is known."""

    rule: Rule
    object: KubeObject
    identity: ObjectId
    """The identity in the API server."""
    rendered_id: ObjectId
    """The identity in the manifest."""
    text: str
    field: FieldPath | None = None
    line: int | None = None
    related: tuple[KubeObject, ...] = ()
    alternatives: tuple[RenderedField, ...] = ()
    """Fields of other objects that may be wrong instead."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The result of all rules over the objects of one environment."""

    problems: tuple[ObjectProblem, ...]
    not_determined: tuple[NotChecked, ...]


def judged_by_rules(view: EnvironmentView, selection: RuleSelection = EVERY_RULE) -> RuleResult:
    """Applies the selected rules of `checks.rules` to the objects of an environment."""
    problems: list[ObjectProblem] = []
    unknown: dict[tuple[str, str], int] = {}
    for one in (one for one in object_rules() if selection.applies(one.rule)):
        for found in one.problems(view):
            if isinstance(found, ObjectIssue):
                problems.append(_problem(one.rule, found, view))
            else:
                key = (found.reason, found.kind)
                unknown[key] = unknown.get(key, 0) + 1
    parts = [NotChecked(kind, number, why) for (why, kind), number in sorted(unknown.items())]
    parts += unchecked_values(view.environment, view.components.values())
    return RuleResult(tuple(problems), tuple(parts))


def _problem(rule: Rule, issue: ObjectIssue, view: EnvironmentView) -> ObjectProblem:
    item = issue.object
    rendered_id = view.rendered_id(item)
    alternatives = tuple(
        (view.rendered_id(one), FieldPath(path)) for one, path in issue.alternatives
    )
    return ObjectProblem(
        rule,
        item,
        item.id,
        rendered_id,
        issue.message,
        issue.field,
        related=issue.related,
        alternatives=alternatives,
    )


@dataclass(frozen=True)
class ProblemFindings:
    """Creates the findings about an environment."""

    environment: Environment
    components: Mapping[str, Component]
    lines_behind: LinesBehind

    def of(self, problems: Sequence[ObjectProblem]) -> tuple[Finding, ...]:
        """Returns one finding for each problem, at the line of the values behind its field.

        If no line is behind the field, the finding is at the section of the component.
        """
        fields = list(dict.fromkeys(field for one in problems for field in _fields(one)))
        lines = dict(zip(fields, self.lines_behind(fields), strict=True)) if fields else {}
        return tuple(self._finding(one, lines) for one in problems)

    def _finding(
        self, problem: ObjectProblem, lines: Mapping[RenderedField, Line | None]
    ) -> Finding:
        component = self.components.get(problem.object.component)
        path, of_key = component.section if component else (), True
        found = (lines[field] for field in _fields(problem))
        # A line that makes the whole object appear says less than the section of the component.
        line = next((one for one in found if one is not None and one.changes_the_field), None)
        if line is not None:
            path, of_key = line.path, line.of_key
        return self.environment.finding(
            problem.rule,
            path,
            f"{problem.text} ({_place(problem)})",
            key=of_key,
            rendered=problem.identity,
            related=tuple(_related(problem)),
        )


def _fields(problem: ObjectProblem) -> Iterator[RenderedField]:
    """Yields the fields that may be wrong, the most probable one first."""
    if problem.field is not None:
        yield problem.rendered_id, problem.field
    yield from problem.alternatives


def _place(problem: ObjectProblem) -> str:
    """The file of the object and, if it adds to the message, the field."""
    field = str(problem.field or "")
    file = problem.object.file
    return f"{file}, field {field}" if field and field not in problem.text else file


def _related(problem: ObjectProblem) -> Iterable[Related]:
    yield Related(Position(problem.object.file, problem.line or 1), "the rendered object")
    for item in problem.related:
        yield Related(Position(item.file), str(item.id))
