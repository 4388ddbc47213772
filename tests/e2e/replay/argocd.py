"""Pushes changes to a real Argo CD, one after another, and records what happens to each object."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gitops_gen.changes.prediction import ClusterEvent, Prediction
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Tree
from gitops_gen.rehearse import settling
from gitops_gen.rehearse.dry_run import tree_as_served
from gitops_gen.rehearse.object_changes import object_changes
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.prediction_check import PredictionReview
from gitops_gen.rehearse.rehearsal import bootstrap
from gitops_gen.rehearse.rehearsed_trees import RehearsedTrees, read_trees
from gitops_gen.rehearse.result import Mode, Phase
from gitops_gen.rehearse.revision import revision_facts
from gitops_gen.rehearse.sandbox import FOLLOWED, Sandbox
from gitops_gen.rehearse.servers.argocd import settings
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.rehearse.sync_problems import sync_problems
from gitops_gen.rehearse.watch import Watcher
from gitops_gen.revisions import WorkTree
from tests.e2e.replay.mutations import ENVIRONMENT, Change

REFRESH_INTERVAL = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was predicted and what happened, both without what a rehearsal cannot observe."""

    prediction: Prediction
    happened: frozenset[ClusterEvent]
    settled: bool
    messages: tuple[str, ...] = ()


def replayed(
    example: Path, base: Tree, changes: list[Change], predictions: list[Prediction]
) -> list[Outcome]:
    """Pushes each change after the base, and then the base again. `example` has the values."""
    with scratch(print) as folder:
        facts = revision_facts(
            WorkTree(str(example)), _written(folder / "base", base), ENVIRONMENT, print
        )
        names = [f"change-{number}" for number in range(len(changes))]
        pushes = [
            Push(name, one.name, _written(folder / name, one.files), facts)
            for name, one in zip(names, changes, strict=True)
        ]
        first = Push("base", "the base", folder / "base", facts)
        plan = RehearsalPlan(
            ENVIRONMENT, Mode.FULL, tools(), folder, (first, *pushes), settings(example, 0)
        )
        outcomes: list[Outcome] = isolated(_inside, (plan, predictions), folder, lambda _text: None)
        return outcomes


def _written(folder: Path, files: Tree) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _inside(argument: tuple[Any, ...], progress: Callable[[str], None]) -> list[Outcome]:
    plan, predictions = argument
    trees = read_trees(plan)
    sandbox = Sandbox(plan.tools, plan.folder, plan.pushes[0].facts.region, progress)
    sandbox.prepare(trees.address)
    sandbox.start_control_plane([trees.address.host])
    bootstrap(plan, trees, sandbox)
    replay = _Replay(plan, trees, sandbox)
    replay.begin()
    return [
        replay.outcome(push, prediction)
        for push, prediction in zip(plan.pushes[1:], predictions, strict=True)
    ]


@dataclass(frozen=True)
class _Replay:
    plan: RehearsalPlan
    trees: RehearsedTrees
    sandbox: Sandbox

    def begin(self) -> None:
        self.sandbox.watcher = Watcher(self.sandbox.server)
        self.sandbox.watcher.follow({*FOLLOWED, *self.trees.kinds()})
        base = self.plan.pushes[0]
        commit = self._commit(base)
        for item in self.trees.by_push["base"].bootstrap:
            self.sandbox.put(self.sandbox.repository.adapted_value(item.value))
        self._require_settled(base, self._settled(base, commit, 0, time.monotonic()))

    def outcome(self, push: Push, prediction: Prediction) -> Outcome:
        phase = self._pushed(push)
        served = self.sandbox.server.resources()
        base, head = (
            tree_as_served(self.trees.by_push[name], served) for name in ("base", push.name)
        )
        left_out = self.trees.left_out_names
        review = PredictionReview(prediction, base, head, push.facts, left_out)
        messages = (*map(str, phase.awaited), *(one.message for one in phase.remarks))
        happened = review.happened(phase)
        restored = self._pushed(self.plan.pushes[0])
        self._require_settled(push, restored)
        expected = replace(prediction, events=review.expected())
        return Outcome(expected, happened, phase.settled, messages)

    def _pushed(self, push: Push) -> Phase:
        index, begin = self.sandbox.watcher.count, time.monotonic()
        commit = self._commit(push)
        self.sandbox.refresh_all()
        return self._settled(push, commit, index, begin)

    def _commit(self, push: Push) -> str:
        left_out = self.trees.left_out_names
        return self.sandbox.repository.push(push.root, ENVIRONMENT, left_out)

    def _settled(self, push: Push, commit: str, index: int, begin: float) -> Phase:
        tree = self.trees.by_push[push.name]
        awaited = settling.wait_until_settled(
            self.sandbox, self.trees.expected(tree), commit, REFRESH_INTERVAL
        )
        served = self.sandbox.server.resources()
        events = self.sandbox.watcher.since(index)
        problems = sync_problems(
            self.sandbox.raw_applications(), tree_as_served(tree, served), push.facts
        )
        return Phase(
            push.name,
            push.revision,
            round(time.monotonic() - begin, 1),
            not awaited,
            changes=object_changes(events, begin, self.trees.owned(served)),
            remarks=problems,
            awaited=awaited,
        )

    def _require_settled(self, push: Push, phase: Phase) -> None:
        if not phase.settled:
            reasons = ", ".join(map(str, phase.awaited))
            raise ToolFailed(f"not restored after {push.revision}: {reasons}")
