"""Asks apicheck about objects, and combines its answers about each of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gitops_gen.apicheck import (
    Create,
    Life,
    Lifecycle,
    NormalForm,
    Normalize,
    ObjectValidation,
    Outcome,
    Question,
    Session,
)
from gitops_gen.checks.api import rules
from gitops_gen.checks.api.rules import ApiProblem
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject

NO_CRD = "the CustomResourceDefinition of the kind is not among the rendered objects"

ApiKind: TypeAlias = tuple[str, str]
"""An API version and a kind."""


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """The result for one object: problems, or a reason why it could not be judged, or neither."""

    object: KubeObject
    identity: ObjectId
    problems: tuple[ApiProblem, ...] = ()
    not_checked: str = ""


Identified: TypeAlias = tuple[KubeObject, ObjectId]
"""An object, and its identity in the API server, where it has a namespace."""


def verdicts(session: Session, objects: Iterable[Identified]) -> Iterator[ObjectVerdict]:
    """Yields the verdicts in the order of the objects. Raises ToolFailed.

    Objects are taken from the iterator while verdicts are read, so that few are in memory.
    """
    return _Questioning(session).verdicts(objects)


@dataclass
class _Questioning:
    session: Session
    waiting: deque[tuple[KubeObject, ObjectId, bool]] = field(default_factory=deque)
    """The objects whose answers are not read yet, and whether `Lifecycle` was asked with them."""
    asked: set[ApiKind] = field(default_factory=set)
    lives: dict[ApiKind, Life] = field(default_factory=dict)

    def verdicts(self, objects: Iterable[Identified]) -> Iterator[ObjectVerdict]:
        answers: Iterator[Any] = self.session.ask(self._questions(objects))
        for created in answers:
            item, identity, asks_life = self.waiting.popleft()
            normal = next(answers)
            if asks_life:
                self.lives[_api_kind(item)] = next(answers)
            yield _verdict(item, identity, created, normal, self.lives[_api_kind(item)])

    def _questions(self, objects: Iterable[Identified]) -> Iterator[Question[Any]]:
        for item, identity in objects:
            kind = _api_kind(item)
            self.waiting.append((item, identity, kind not in self.asked))
            yield Create(item.content)
            yield Normalize(item.content)
            if kind not in self.asked:
                self.asked.add(kind)
                yield Lifecycle(*kind)


def _api_kind(item: KubeObject) -> ApiKind:
    return item.api_version, item.id.kind


def _verdict(
    item: KubeObject,
    identity: ObjectId,
    created: ObjectValidation,
    normal: NormalForm,
    life: Life,
) -> ObjectVerdict:
    if created.outcome is Outcome.FOUND:
        return ObjectVerdict(item, identity, tuple(rules.of_validation(item, identity, created)))
    problems = (
        *rules.of_normal_form(item, identity, normal),
        *rules.of_life(identity, item.api_version, life),
    )
    answers = (created, normal, life)
    why = next((one.why for one in answers if one.outcome is Outcome.NOT_CHECKED), "")
    return ObjectVerdict(item, identity, problems, "" if problems else _reason(identity, why))


def _reason(identity: ObjectId, why: str) -> str:
    """Explains to a user of values why a custom resource cannot be judged."""
    unknown = f"the CustomResourceDefinition of {identity.kind}.{identity.group} was not given"
    return NO_CRD if why == unknown else why
