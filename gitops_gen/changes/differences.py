"""Finds the objects of two trees that differ in normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gitops_gen.apicheck import NormalForm, ObjectValidation, Outcome, Session
from gitops_gen.changes.api_rules import (
    OF_ARGOCD,
    leaves,
    normal_forms,
    refused_fields,
    validations,
)
from gitops_gen.changes.matching import Pair, pairs
from gitops_gen.changes.result import DifferenceKind, ObjectDifference
from gitops_gen.changes.trees import TreePair
from gitops_gen.model import Values
from gitops_gen.objects.fields import FieldDifference, differences
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.list_types import FieldNames, ListType, custom_lists, list_types

_Custom = Mapping[tuple[str, str], Mapping[FieldNames, ListType]]
_NO_PROGRAM = "the API rules program is not installed"


def object_differences(tree: TreePair, session: Session | None) -> list[ObjectDifference]:
    """The objects that differ, with what the API server refuses about each."""
    custom = custom_lists(item.value for item in tree.definitions)
    found = pairs(tree.base, tree.head)
    forms = _forms(session, found)
    compared = [_compared(pair, forms, custom) for pair in found]
    return _validated([one for one in compared if one is not None], session)


def _forms(session: Session | None, found: Sequence[Pair]) -> dict[int, NormalForm]:
    items = [item for pair in found for item in (pair.before, pair.after) if item is not None]
    return dict(zip(map(id, items), normal_forms(session, items), strict=True))


def _compared(
    pair: Pair, forms: Mapping[int, NormalForm], custom: _Custom
) -> ObjectDifference | None:
    """The difference of a pair, or None if both objects are equal in normal form."""
    (old, new), why = _values(pair, forms)
    difference = ObjectDifference(pair.kind, pair.before, pair.after, old, new, not_checked=why)
    if pair.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED):
        return difference
    lists = list_types(difference.id.group_kind, custom)
    fields = tuple(_without_identity(differences(old, new, lists), pair))
    if not fields and pair.kind is DifferenceKind.CHANGED and not _is_moved(pair):
        return None
    return replace(difference, fields=fields, unchanged=_unchanged(new, fields))


def _values(pair: Pair, forms: Mapping[int, NormalForm]) -> tuple[tuple[Values, Values], str]:
    """The values to compare: both in normal form, or both as written."""
    items = [item for item in (pair.before, pair.after) if item is not None]
    stored = {id(item): forms[id(item)].object for item in items}
    if all(value is not None for value in stored.values()):
        chosen, why = {key: value or {} for key, value in stored.items()}, ""
    else:
        chosen = {id(item): item.value for item in items}
        why = next((forms[id(item)].why for item in items if forms[id(item)].why), "")
        why = why or ("" if items[0].id.group == OF_ARGOCD else _NO_PROGRAM)
    before, after = (chosen[id(i)] if i is not None else {} for i in (pair.before, pair.after))
    return (before, after), why


def _without_identity(found: Iterator[FieldDifference], pair: Pair) -> Iterator[FieldDifference]:
    """Leaves out the name and the namespace of a renamed object, which its heading states."""
    for one in found:
        is_identity = one.names in (("metadata", "name"), ("metadata", "namespace"))
        if not (is_identity and pair.kind is DifferenceKind.RENAMED):
            yield one


def _is_moved(pair: Pair) -> bool:
    """Whether another Application owns the object now."""
    return bool(pair.before and pair.after and pair.before.component != pair.after.component)


def _unchanged(new: Values, fields: Sequence[FieldDifference]) -> int:
    changed = sum(sum(1 for _ in leaves(one.after)) for one in fields if one.after is not None)
    return max(0, sum(1 for _ in leaves(new)) - changed)


def _validated(
    found: Sequence[ObjectDifference], session: Session | None
) -> list[ObjectDifference]:
    """The differences with what the API server refuses about them."""
    asked = [one for one in found if one.after is not None and one.id.group != OF_ARGOCD]
    before = {id(one): one.before if one.is_update else None for one in asked}
    items: list[tuple[KubeObject | None, KubeObject]] = [
        (before[id(one)], one.after) for one in asked if one.after is not None
    ]
    answers = dict(zip(map(id, asked), validations(session, items), strict=True))
    return [_with_answer(one, answers.get(id(one)), session) for one in found]


def _with_answer(
    one: ObjectDifference, answer: ObjectValidation | None, session: Session | None
) -> ObjectDifference:
    if answer is None or answer.outcome is Outcome.HOLDS or session is None:
        return one
    if answer.outcome is Outcome.NOT_CHECKED:
        return replace(one, not_checked=answer.why)
    fields: tuple[FieldDifference, ...] = ()
    if one.is_update:
        fields = refused_fields(session, one.old, one.new, one.fields, answer)
    return replace(one, faults=answer.faults, refused_fields=fields, not_checked="")
