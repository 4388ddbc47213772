"""Finds the lines of the values behind the problems of a rehearsal.

The values are rendered for this only if a problem names a field. A problem that names no field, or
whose revision cannot be rendered, stays at the section of its component.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from gitops_gen.apicheck.message_fields import message_fields, value_at
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import executable
from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.provenance import Line, Provenance
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.rehearsed_trees import read_trees
from gitops_gen.rehearse.result import Drift, Phase, Rehearsal, Remark
from gitops_gen.rehearse.status_resources import manifest_of
from gitops_gen.revisions import opened
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun

Note: TypeAlias = Callable[[str], None]
Problem: TypeAlias = Remark | Drift
Field: TypeAlias = tuple[KubeObject, FieldPath]
Lines: TypeAlias = Mapping[tuple[ObjectId, FieldPath], Line]


@dataclass(frozen=True)
class ValuesLines:
    """Finds the lines for the problems of one rehearsal."""

    plan: RehearsalPlan
    root: Path
    revisions: Mapping[str, str | None]
    """The revision of each push, by its name; None for the work tree."""
    note: Note

    def placed(self, rehearsal: Rehearsal) -> Rehearsal:
        """Returns the rehearsal with the line of the values at each problem."""
        return replace(rehearsal, phases=tuple(map(self._phase, rehearsal.phases)))

    def _phase(self, phase: Phase) -> Phase:
        push, previous = self._pushes(phase)
        problems: list[Problem] = [*phase.remarks, *phase.drift]
        fields = [self._fields(problem, push, previous) for problem in problems]
        lines = self._lines(push, [named for of_one in fields for named in of_one])
        found = dict(zip(problems, fields, strict=True))
        return replace(
            phase,
            remarks=tuple(
                replace(one, values=_place(lines, found[one], one)) for one in phase.remarks
            ),
            drift=tuple(replace(one, values=_place(lines, found[one], one)) for one in phase.drift),
        )

    def _pushes(self, phase: Phase) -> tuple[Push, Push | None]:
        """Returns the push of a phase, and the one before it."""
        pushes = self.plan.pushes
        names = [push.name for push in pushes]
        index = names.index(phase.name) if phase.name in names else len(names) - 1
        return pushes[index], pushes[index - 1] if index else None

    @cached_property
    def _trees(self) -> Mapping[str, EnvironmentObjects]:
        return read_trees(self.plan).by_push

    def _fields(self, problem: Problem, push: Push, previous: Push | None) -> list[Field]:
        """Returns the fields of the rendered object that a problem is about."""
        item = self._manifest(problem, push)
        if item is None:
            return []
        if isinstance(problem, Drift):
            return [(item, found.path) for found in problem.fields]
        before = self._manifest(problem, previous) if previous else None
        found = message_fields(problem.message, item.value, before.value if before else None)
        return [(item, path) for path in found]

    def _manifest(self, problem: Problem, push: Push) -> KubeObject | None:
        if problem.file is None:
            return None
        return manifest_of(self._trees[push.name], problem.object.id)

    def _lines(self, push: Push, fields: Sequence[Field]) -> Lines:
        """Returns the lines of a push; none if its values cannot be rendered."""
        if not fields:
            return {}
        with opened(str(self.root), self.revisions[push.name]) as revision:
            workspace = Workspace(revision)
            try:
                loaded = workspace.load_to_render(self.plan.environment)
                provenance = Provenance.of(workspace, loaded, HelmRun(executable(self.note)))
                return _lines_of(provenance, fields)
            except (InvalidInput, ToolFailed):
                # The notes of the rehearsal state why.
                return {}


def _lines_of(provenance: Provenance, fields: Sequence[Field]) -> Lines:
    wanted = [
        (item, path, rendered)
        for item, path in dict.fromkeys(fields)
        if (rendered := _rendered(provenance, item)) and _is_rendered_so(rendered, item, path)
    ]
    lines = provenance.lines_behind((rendered.id, path) for _, path, rendered in wanted)
    pairs = zip(wanted, lines, strict=True)
    # A line that makes the whole object appear says less than the section of the component.
    return {
        (item.id, path): line
        for (item, path, _), line in pairs
        if line is not None and line.changes_the_field
    }


def _rendered(provenance: Provenance, item: KubeObject) -> KubeObject | None:
    """Returns the object as it is rendered now. A committed file may be older, or edited."""
    tree = EnvironmentObjects((), (), provenance.objects)
    return manifest_of(tree, item.id)


def _is_rendered_so(rendered: KubeObject, item: KubeObject, path: FieldPath) -> bool:
    """Whether the values are behind the field of the committed object."""
    return value_at(rendered.value, path.parts) == value_at(item.value, path.parts)


def _place(lines: Lines, fields: Sequence[Field], problem: Problem) -> Position | None:
    found = [line for item, path in fields if (line := lines.get((item.id, path)))]
    line = min(found, key=Line.rank, default=None)
    return line.place if line else problem.values
