"""What holds for the comparison of any two trees."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.apicheck import Session, require
from gitops_gen.changes.classes import classified
from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.differences import object_differences
from gitops_gen.changes.result import DifferenceKind, ObjectDifference
from gitops_gen.changes.trees import Side, TreePair, read_pair
from gitops_gen.model import ObjectId
from gitops_gen.objects.fields import differences
from gitops_gen.objects.list_types import list_types
from gitops_gen.report.changes.shown import ShownValues
from gitops_gen.revisions.in_memory import InMemory
from tests.unit.changes.examples import MANIFESTS

NAMES = sorted({path.stem for path in MANIFESTS.glob("*.yaml")} - {"manual"})
"""`manual` is another form of the Application `addon`."""
SECRET = "correct-horse-battery"
EDITS = [
    *(("replicas: 4", "replicas: 2"), ("1.4.2", "1.5.0"), ("port: 80,", "port: 81,")),
    *(("namespace: shop", "namespace: market"), ("5Gi", "6Gi"), ("restricted", "baseline")),
    *(("[get, list]", "[get, watch]"), ("info]", "debug, --log]"), (SECRET, f"{SECRET}-2")),
    *(("scheme: internal", "scheme: internet-facing"), ("prune: true", "prune: false")),
]


@dataclass(frozen=True)
class Change:
    base: frozenset[str]
    head: frozenset[str]
    edits: list[tuple[str, str]] = field(default_factory=list)

    def trees(self, order: random.Random | None = None) -> TreePair:
        edited = {name: manifest(name, self.edits) for name in self.head}
        base, head = {name: manifest(name, []) for name in self.base}, edited
        return read_pair(side(base, order), side(head, order))


SETS = st.frozensets(st.sampled_from(NAMES))
CHANGES = st.builds(Change, SETS, SETS, st.lists(st.sampled_from(EDITS), max_size=3))


def manifest(name: str, edits: Iterable[tuple[str, str]]) -> str:
    text = (MANIFESTS / f"{name}.yaml").read_text()
    for old, new in edits:
        text = text.replace(old, new)
    return text


def side(manifests: dict[str, str], order: random.Random | None) -> Side:
    """The manifests as files of an environment; their names depend on the order."""
    names = sorted(manifests)
    if order is not None:
        order.shuffle(names)
    files = {}
    for number, name in enumerate(names):
        of_argocd = "argoproj.io" in manifests[name].splitlines()[0]
        folder = "argocd/prod/apps" if of_argocd else "rendered/prod/manifests/shop"
        file = name if order is None else f"{number}-{name}"
        files[f"{folder}/{file}.yaml"] = manifests[name].encode()
    return Side(InMemory("a tree", files), "prod")


@pytest.fixture(scope="module")
def session() -> Any:
    with Session(require(), "1.36") as session:
        yield session


@given(SETS)
def test_a_tree_does_not_differ_from_itself(session: Session, names: frozenset[str]) -> None:
    assert object_differences(Change(names, names).trees(), session) == []


@given(CHANGES)
def test_the_differences_applied_to_the_base_give_the_head(
    session: Session, change: Change
) -> None:
    tree = change.trees()
    stored = stored_objects(tree.base, session)
    for one in object_differences(tree, session):
        if one.removed is not None:
            del stored[one.removed.id]
        if one.kind is DifferenceKind.CHANGED or one.added is not None:
            stored[one.id] = one.new
    assert stored == stored_objects(tree.head, session)


@given(CHANGES)
def test_every_changed_field_is_listed(session: Session, change: Change) -> None:
    for one in object_differences(change.trees(), session):
        if one.kind is DifferenceKind.CHANGED:
            found = list(differences(one.old, one.new, list_types(one.id.group_kind)))
            assert list(one.fields) == found != []


@given(CHANGES, st.randoms(use_true_random=False))
def test_the_names_and_the_order_of_files_make_no_difference(
    session: Session, change: Change, order: random.Random
) -> None:
    first = object_differences(change.trees(), session)
    second = object_differences(change.trees(order), session)
    assert [summary(one) for one in first] == [summary(one) for one in second]


@settings(max_examples=15)
@given(CHANGES)
def test_no_data_of_a_secret_is_shown(session: Session, change: Change) -> None:
    tree = change.trees()
    found = object_differences(tree, session)
    context = EnvironmentContext(tree.base, tree.head, found)
    for one in found:
        shown = ShownValues(one)
        texts = [str(shown.pair(field)) for field in one.fields]
        texts += [text.message for text in classified(one, context).consequences]
        assert [text for text in texts if SECRET in text] == []


def summary(one: ObjectDifference) -> tuple[Any, ...]:
    return one.kind, one.id, one.before and one.before.id, one.fields, one.faults


def stored_objects(objects: Any, session: Session) -> dict[ObjectId, Any]:
    """The objects as the API server stores them, where that is known."""
    tree = TreePair({}, objects, frozenset())
    return {one.id: one.new for one in object_differences(tree, session)}


def test_the_edits_are_about_the_manifests() -> None:
    texts = [path.read_text() for path in MANIFESTS.glob("*.yaml")]
    assert [old for old, _ in EDITS if not any(old in text for text in texts)] == []
    assert all(yaml.yaml_load(Path(MANIFESTS / f"{name}.yaml").read_bytes()) for name in NAMES)
