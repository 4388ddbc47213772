"""Pushes, one after another, to a live Argo CD; and what came of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.rehearse import examine, orphans, rest
from gitops_gen.rehearse.dry_run import Judge, located_tree
from gitops_gen.rehearse.hidden import hidden
from gitops_gen.rehearse.manifests import Manifests
from gitops_gen.rehearse.reasons import reasons
from gitops_gen.rehearse.result import Drift, Identity, Phase, Remark
from gitops_gen.rehearse.scene import ROOT, Plan, Push, Scene
from gitops_gen.rehearse.servers import argocd
from gitops_gen.rehearse.stage import FOLLOWED, Stage
from gitops_gen.rehearse.watch import Watcher, content, paths

REFRESHES = 3
FIRST = ("sync", "base")
"""Phases that begin with an empty cluster, and whose order is the waves'."""


class Full:
    """The phases of a plan, on a stage where Argo CD runs."""

    def __init__(self, plan: Plan, shown: Scene, stage: Stage) -> None:
        self.plan, self.scene, self.stage = plan, shown, stage
        stage.watcher = Watcher(stage.server)
        self.checked = 0.0
        self._before = orphans.everything(stage.server)
        self._after: dict[str, dict[Identity, Values]] = {}

    def phases(self) -> tuple[Phase, ...]:
        return tuple(self._phase(push) for push in self.plan.pushes)

    def restored(self) -> tuple[str, ...] | None:
        """What a revert did not bring back; None where none was asked for."""
        if "revert" not in self._after:
            return None
        return tuple(differences(self._after["base"], self._after["revert"]))

    def _phase(self, push: Push) -> Phase:
        stage, tree = self.stage, self.scene.trees[push.name]
        stage.progress(f"{push.name}: {push.revision}")
        stage.watcher.follow({*FOLLOWED, *self.scene.kinds()})
        index, begin = stage.watcher.count, time.monotonic()
        commit = stage.repository.push(push.root, self.plan.environment, self.scene.skipped)
        self._announce(push, tree)
        awaited = rest.settle(stage, self.scene.expected(tree), commit, self.plan.pace)
        if awaited:
            self._require_news()
        seconds = round(time.monotonic() - begin, 1)
        events = stage.watcher.since(index)
        stage.progress(f"{push.name}: looking at drift")
        phase = Phase(push.name, push.revision, seconds, not awaited, awaited=awaited)
        phase = self._told(push, phase, examine.moments(events, begin, commit))
        if push.name not in FIRST:
            ours = self.scene.ours(stage.server.resources())
            phase = replace(phase, changes=examine.changes(events, begin, ours))
        self._after[push.name] = self._content()
        return phase

    def _announce(self, push: Push, tree: Manifests) -> None:
        """The first push comes with the bootstrap; of others a webhook would tell."""
        if push is not self.plan.pushes[0]:
            self.stage.refresh_all()
            return
        for item in tree.bootstrap:
            self.stage.put(self.stage.repository.manifest(item))

    def _require_news(self) -> None:
        """Whoever hangs is named; silence alone says nothing of the user's files."""
        self.stage.processes.require_answers()
        if self.stage.applications().get(ROOT) is None:
            raise ToolFailed("Argo CD did not look at the root Application")

    def _told(self, push: Push, phase: Phase, when: dict[str, examine.Moments]) -> Phase:
        known, stage, skipped = push.known, self.stage, self.scene.skipped
        served = stage.server.resources()
        tree = located_tree(self.scene.trees[push.name], served)
        items = self.scene.rehearsed(tree, served)
        begin = time.monotonic()
        why = partial(reasons, {} if phase.settled else orphans.everything(stage.server))
        refused = examine.refusals(stage.raw_applications(), tree, known, why)
        judged = Judge(stage.server, known.place).remarks(items)
        drift = self._drift(push, tree)
        self.checked = round(time.monotonic() - begin, 1)
        owned = [m.object for m in (*items, *tree.bootstrap)]
        now = orphans.everything(stage.server)
        return replace(
            phase,
            steps=examine.steps(stage.applications(), when, tree, known, skipped),
            remarks=(*judged, *refused, *self._hidden(push, tree)),
            # What it never came to is no drift: the timeline says where it stopped.
            drift=tuple(d for d in drift if phase.settled or d.reason != examine.ABSENT),
            edges=examine.edges(when, known, skipped) if phase.name in FIRST else (),
            orphans=tuple(orphans.orphans(now, self._before, owned)),
        )

    def _hidden(self, push: Push, tree: Manifests) -> tuple[Remark, ...]:
        return hidden(tree, push.known, self.plan.settings, self.plan.versions.get(examine.ARGOCD))

    def _drift(self, push: Push, tree: Manifests) -> tuple[Drift, ...]:
        """What is OutOfSync at any of three fresh looks."""
        found: dict[tuple[str, tuple[str, str, str, str]], Drift] = {}
        for _ in range(REFRESHES):
            applications = rest.compare_again(self.stage)
            compared = {name: argocd.compared(name) for name in applications}
            for item in examine.drift(applications, compared, tree, push.known):
                found.setdefault((item.component, item.object.key), item)
        return tuple(found.values())

    def _content(self) -> dict[Identity, Values]:
        ours = self.scene.ours(self.stage.server.resources())
        live = self.stage.watcher.snapshot()
        return {i: content(v) for i, v in live.items() if i in ours and i.kind != "Application"}


def differences(base: dict[Identity, Values], reverted: dict[Identity, Values]) -> Iterator[str]:
    """What is not as it was, in words."""
    for identity in sorted({*base, *reverted}):
        if identity not in reverted:
            yield f"{identity} is gone"
        elif identity not in base:
            yield f"{identity} was not there before"
        else:
            yield from _fields(identity, paths(base[identity], reverted[identity]))


def _fields(identity: Identity, found: Iterator[tuple[str, object, object]]) -> Iterator[str]:
    for path, before, after in found:
        yield f"{identity}: {path} was {before!r}, is {after!r}"
