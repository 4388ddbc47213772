"""What was predicted about each change, what happened, and where the two differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from contextlib import ExitStack
from dataclasses import dataclass, field

from gitops_gen.changes.api_rules import ApiRules
from gitops_gen.changes.compare import compared_files
from gitops_gen.changes.prediction import ClusterEvent, Event, Prediction, predicted
from gitops_gen.changes.trees import BOOTSTRAP, Side, TreePair, read_pair
from gitops_gen.model import Tree
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.revisions.in_memory import InMemory
from tests.e2e.replay.api_server import Manifest, Step
from tests.e2e.replay.mutations import ENVIRONMENT, Change


def predictions(base: Tree, changes: Iterable[Change], kubernetes: str) -> list[Prediction]:
    """What the comparison of generated files predicts about each change."""
    with ExitStack() as stack:
        rules = ApiRules.of_this_machine(stack)
        old = InMemory("base", base)
        return [
            predicted(
                compared_files(ENVIRONMENT, old, InMemory(one.name, one.files), kubernetes, rules)
            )
            for one in changes
        ]


def pair(base: Tree, head: Tree) -> TreePair:
    old, new = InMemory("base", base), InMemory("head", head)
    return read_pair(Side(old, ENVIRONMENT), Side(new, ENVIRONMENT))


def step(trees: TreePair) -> Step:
    """The objects that the change adds or changes, as they are applied."""
    return Step(
        tuple(
            (_manifest(old) if (old := trees.base.get(key)) else None, _manifest(new))
            for key, new in trees.head.items()
            if not _is_bootstrap(new)
            and (key not in trees.base or trees.base[key].value != new.value)
        )
    )


def manifests(tree: Iterable[KubeObject]) -> list[Manifest]:
    return [_manifest(item) for item in tree if not _is_bootstrap(item)]


def _is_bootstrap(item: KubeObject) -> bool:
    return item.file.endswith(BOOTSTRAP)


def _manifest(item: KubeObject) -> Manifest:
    return Manifest(item.id, item.api_version, json.loads(json.dumps(item.value)))


@dataclass
class Table:
    """The confusion table: each kind of event, predicted or not, happened or not."""

    counts: Counter[tuple[Event, bool, bool]] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        prediction: Prediction,
        happened: Set[ClusterEvent],
        kinds: Set[Event],
        messages: Iterable[str] = (),
    ) -> None:
        """Counts the events of these kinds that one change caused or should have caused."""
        seen = {one for one in happened if one.event in kinds}
        expected = {one for one in prediction.events if one.event in kinds}
        missed = [one for one in prediction.missed(seen) if one.event in kinds]
        absent = [one for one in prediction.absent(seen) if one.event in kinds]
        self.counts.update((one.event, True, True) for one in expected & seen)
        self.counts.update((one.event, False, True) for one in missed)
        self.counts.update((one.event, True, False) for one in absent)
        self.differences += [f"{name}: {one}, not predicted" for one in missed]
        self.differences += [f"{name}: {one} predicted, did not happen" for one in absent]
        if missed or absent:
            self.differences += [f"  {text}" for text in messages]

    def lines(self) -> Iterator[str]:
        yield "event | predicted and happened | happened only | predicted only"
        for event in Event:
            numbers = [
                self.counts[event, *one] for one in ((True, True), (False, True), (True, False))
            ]
            yield " | ".join([event, *map(str, numbers)])
