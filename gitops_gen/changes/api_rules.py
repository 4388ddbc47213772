"""What the API server makes of the objects of a comparison: normal forms, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal

from gitops_gen.apicheck import (
    ADVICE,
    Create,
    NormalForm,
    Normalize,
    ObjectValidation,
    Outcome,
    Patience,
    Session,
    Update,
    find,
)
from gitops_gen.checks.api.sessions import Sessions
from gitops_gen.components.quantities import value as number_of
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at
from gitops_gen.render.hydrate.protection import SYNC_OPTIONS, options

_CLAIM = ("", "PersistentVolumeClaim")
_SIZE = ("spec", "resources", "requests", "storage")
OF_ARGOCD = "argoproj.io"
"""The API group whose objects gitops-gen writes itself, and of which no CRD is in the tree."""


_MOST_SESSIONS = 4
"""Environments with other Kubernetes versions or CRDs often take turns."""


@dataclass(eq=False)
class ApiRules:
    """Sessions of the API rules program, one per Kubernetes version and set of CRDs."""

    sessions: Sessions | None
    failure: str = ""
    """Why the program cannot be used; empty if it can."""
    _notes: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of_this_machine(cls, stack: ExitStack) -> ApiRules:
        """The program of this machine. Its processes end with the context."""
        try:
            program = find()
        except ToolFailed as error:
            return cls(None, str(error))
        if program is None:
            return cls(None, f"the program apicheck is not installed; {ADVICE}")
        sessions = Sessions(program, Patience(), _MOST_SESSIONS)
        stack.callback(sessions.close)
        return cls(sessions)

    def session(self, kubernetes: str, definitions: Sequence[KubeObject]) -> Session | None:
        """A session that knows these CRDs, or None if the program cannot be used."""
        if self.sessions is None:
            return None
        try:
            found = self.sessions.session(kubernetes, [item.content for item in definitions])
        except ToolFailed as error:
            self.sessions, self.failure = None, str(error)
            return None
        self._notes |= {f"Kubernetes {kubernetes}: {note}": None for note in found.notes}
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """What the program does not know about the versions of Kubernetes that were judged."""
        return tuple(self._notes)


def normal_forms(session: Session | None, items: Sequence[KubeObject]) -> list[NormalForm]:
    """The stored forms. Objects of Argo CD, and all of them without a session, are not checked."""
    asked = [item for item in items if session and item.id.group != OF_ARGOCD]
    answers = iter(list(session.ask(Normalize(item.content) for item in asked)) if session else ())
    unasked = NormalForm(Outcome.NOT_CHECKED)
    return [next(answers) if session and i.id.group != OF_ARGOCD else unasked for i in items]


def validations(
    session: Session | None, pairs: Sequence[tuple[KubeObject | None, KubeObject]]
) -> list[ObjectValidation]:
    """What the API server says to each new object, or to the change of an old object to it."""
    if session is None:
        return [ObjectValidation(Outcome.NOT_CHECKED) for _ in pairs]
    return list(session.ask(_question(before, after) for before, after in pairs))


def _question(before: KubeObject | None, after: KubeObject) -> Create | Update:
    if before is None:
        return Create(after.content)
    by: Literal["apply", "replace"] = "replace" if is_replaced(after) else "apply"
    return Update(old=_in_cluster(before, after), new=after.content, by=by)


def _in_cluster(before: KubeObject, after: KubeObject) -> bytes:
    """The object of the base, as the API server validates a change of it.

    A manifest does not show whether a claim is bound to its volume. A bound claim may grow, so the
    validation of the server leaves out a larger size.
    """
    old, new = (value_at(item.value, *_SIZE) for item in (before, after))
    if before.id.group_kind != _CLAIM or not _is_larger(new, old):
        return before.content
    grown = json.loads(json.dumps(before.value))
    _put(grown, _SIZE, new)
    return json.dumps(grown).encode()


def _is_larger(new: object, old: object) -> bool:
    try:
        return number_of(str(new)) > number_of(str(old))
    except ValueError:
        return False


def is_replaced(item: KubeObject) -> bool:
    """Whether Argo CD replaces the object instead of applying it."""
    return "Replace=true" in options(
        as_map(value_at(item.value, "metadata", "annotations")), SYNC_OPTIONS
    )


def refused_fields(
    session: Session,
    old: Values,
    new: Values,
    differences: Sequence[FieldDifference],
    validation: ObjectValidation,
) -> tuple[FieldDifference, ...]:
    """The changed fields that the API server refuses.

    The server often names only `spec`. So each part of the object that differs is changed alone,
    and the server is asked again.
    """
    named = {fault.path.parts for fault in validation.faults}
    found = [one for one in differences if any(_is_at(one, path) for path in named)]
    if found and not any(len(path) < _PRECISE for path in named):
        return tuple(found)
    parts = sorted({one.path.parts[:_PRECISE] for one in differences}, key=str)
    questions = [_single(old, new, part) for part in parts]
    answers = list(session.ask(questions))
    culprits = {
        part for part, answer in zip(parts, answers, strict=True) if answer.outcome is Outcome.FOUND
    }
    return tuple(one for one in differences if one.path.parts[:_PRECISE] in culprits)


_PRECISE = 2
"""The length of a path that names more than `spec`."""


def _is_at(difference: FieldDifference, path: tuple[str | int, ...]) -> bool:
    parts = difference.path.parts
    length = min(len(path), len(parts))
    return len(path) >= _PRECISE and parts[:length] == path[:length]


def _single(old: Values, new: Values, part: tuple[str | int, ...]) -> Update:
    changed: Any = json.loads(json.dumps(old))
    _put(changed, part, value_at(new, *part))
    return Update(old=json.dumps(old).encode(), new=json.dumps(changed).encode(), by="replace")


def _put(value: Any, path: tuple[str | int, ...], part: Any) -> None:
    for name in path[:-1]:
        value = value.setdefault(name, {})
    if part is None:
        value.pop(path[-1], None)
    else:
        value[path[-1]] = part


def leaves(value: object) -> Iterator[object]:
    """Yields the scalars, and the empty maps and lists, of a value."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not items:
        yield value
    for item in items:
        yield from leaves(item)
