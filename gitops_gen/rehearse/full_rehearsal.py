"""Pushes, one after another, to a running Argo CD, and the outcome of each."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.reading import EnvironmentObjects, is_application
from gitops_gen.rehearse import settling
from gitops_gen.rehearse.bookkeeping import without_bookkeeping
from gitops_gen.rehearse.drift import ABSENT, drift
from gitops_gen.rehearse.dry_run import DryRun, tree_as_served
from gitops_gen.rehearse.event_warnings import event_warnings
from gitops_gen.rehearse.live_objects import live_objects, orphans
from gitops_gen.rehearse.object_changes import not_restored, object_changes
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.rehearsed_trees import ROOT, RehearsedTrees
from gitops_gen.rehearse.result import Drift, Phase, Remark
from gitops_gen.rehearse.sandbox import FOLLOWED, Sandbox
from gitops_gen.rehearse.server_side_diff import server_side_diff_warnings
from gitops_gen.rehearse.servers import argocd
from gitops_gen.rehearse.sync_problems import ARGOCD, sync_problems
from gitops_gen.rehearse.timeline import SyncTimes, sync_steps, sync_times
from gitops_gen.rehearse.watch import Watcher
from gitops_gen.rehearse.wave_order import order_violations

COMPARISONS = 3
"""What is OutOfSync in any of so many comparisons drifts."""
FIRST = ("sync", "base")
"""Phases that begin with an empty cluster: the waves order the syncs in them."""


class FullRehearsal:
    """The phases of a plan, in a sandbox where Argo CD runs."""

    def __init__(self, plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> None:
        self.plan, self.trees, self.sandbox = plan, trees, sandbox
        sandbox.watcher = Watcher(sandbox.server)
        self.checked = 0.0
        """The seconds that the checks of the last phase took."""
        self._before = frozenset(live_objects(sandbox.server))
        self._after: dict[str, dict[ObjectId, Values]] = {}

    def phases(self) -> tuple[Phase, ...]:
        return tuple(self._phase(push) for push in self.plan.pushes)

    def restored(self) -> tuple[str, ...] | None:
        """What the revert did not restore; None where there was none."""
        if "revert" not in self._after:
            return None
        return tuple(not_restored(self._after["base"], self._after["revert"]))

    def _phase(self, push: Push) -> Phase:
        sandbox, tree = self.sandbox, self.trees.by_push[push.name]
        sandbox.progress(f"{push.name}: {push.revision}")
        sandbox.watcher.follow({*FOLLOWED, *self.trees.kinds()})
        index, begin = sandbox.watcher.count, time.monotonic()
        commit = self._push(push, tree)
        awaited = settling.settle(sandbox, self.trees.expected(tree), commit, self.plan.pace)
        if awaited:
            self._require_argocd()
        seconds = round(time.monotonic() - begin, 1)
        events = sandbox.watcher.since(index)
        sandbox.progress(f"{push.name}: looking at drift")
        phase = Phase(push.name, push.revision, seconds, not awaited, awaited=awaited)
        phase = self._checked(push, phase, sync_times(events, begin, commit))
        if push.name not in FIRST:
            owned = self.trees.owned(sandbox.server.resources())
            phase = replace(phase, changes=object_changes(events, begin, owned))
        self._after[push.name] = self._content()
        return phase

    def _push(self, push: Push, tree: EnvironmentObjects) -> str:
        """The commit. The bootstrap follows the first push; of others a webhook would tell."""
        repository, left_out = self.sandbox.repository, self.trees.left_out_names
        commit = repository.push(push.root, self.plan.environment, left_out)
        if push is not self.plan.pushes[0]:
            self.sandbox.refresh_all()
            return commit
        for item in tree.bootstrap:
            self.sandbox.put(repository.adapted_value(item.value))
        return commit

    def _require_argocd(self) -> None:
        """Raises ToolFailed where a program hangs: its silence is no fault of the user's files."""
        self.sandbox.processes.require_answers()
        if self.sandbox.applications().get(ROOT) is None:
            raise ToolFailed("Argo CD did not look at the root Application")

    def _checked(self, push: Push, phase: Phase, times: dict[str, SyncTimes]) -> Phase:
        server, left_out = self.sandbox.server, self.trees.left_out_names
        served = server.resources()
        tree = tree_as_served(self.trees.by_push[push.name], served)
        items = self.trees.rehearsed(tree, served)
        begin = time.monotonic()
        remarks = self._remarks(push, phase, tree)
        answers = DryRun(server, push.facts.line_behind).remarks(items)
        drifts = self._drift(push, tree)
        self.checked = round(time.monotonic() - begin, 1)
        owned = [item.id for item in (*items, *tree.bootstrap)]
        in_order = phase.name not in FIRST
        return replace(
            phase,
            steps=sync_steps(self.sandbox.applications(), times, tree, push.facts, left_out),
            remarks=(*answers, *remarks),
            # The timeline shows where a sync stopped: what it did not create is no drift.
            drift=tuple(d for d in drifts if phase.settled or d.reason != ABSENT),
            order_violations=() if in_order else order_violations(times, push.facts, left_out),
            orphans=tuple(orphans(live_objects(server), self._before, owned)),
        )

    def _remarks(self, push: Push, phase: Phase, tree: EnvironmentObjects) -> tuple[Remark, ...]:
        live = {} if phase.settled else live_objects(self.sandbox.server)
        reasons = partial(event_warnings, live)
        problems = sync_problems(self.sandbox.raw_applications(), tree, push.facts, reasons)
        version = self.plan.versions.get(ARGOCD)
        warnings = server_side_diff_warnings(tree, push.facts, self.plan.settings, version)
        return (*problems, *warnings)

    def _drift(self, push: Push, tree: EnvironmentObjects) -> tuple[Drift, ...]:
        found: dict[tuple[str, ObjectId], Drift] = {}
        for _ in range(COMPARISONS):
            applications = settling.compare_again(self.sandbox)
            compared = {name: argocd.compared(name) for name in applications}
            for item in drift(applications, compared, tree, push.facts):
                found.setdefault((item.component, item.object.id), item)
        return tuple(found.values())

    def _content(self) -> dict[ObjectId, Values]:
        """What Git owns in the cluster now, Applications aside."""
        owned = self.trees.owned(self.sandbox.server.resources())
        return {
            identity: without_bookkeeping(value)
            for identity, value in self.sandbox.watcher.snapshot().items()
            if identity in owned and not is_application(identity)
        }
