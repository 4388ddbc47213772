"""Pushes revisions, one after another, to a running Argo CD, and records the outcome of each."""

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
from gitops_gen.rehearse.prediction_check import PredictionReview
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
"""The number of comparisons; an object that is OutOfSync in any of them drifts."""
FIRST = ("sync", "base")
"""The phases that begin with an empty cluster, in which the order of syncs is checked."""
PREDICTED = "push"
"""The phase about which `diff` makes predictions."""


class FullRehearsal:
    """The phases of a plan, in a sandbox where Argo CD runs."""

    def __init__(self, plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> None:
        self.plan, self.trees, self.sandbox = plan, trees, sandbox
        sandbox.watcher = Watcher(sandbox.server)
        self.checked = 0.0
        """The duration of the checks of the last phase, in seconds."""
        self._before = frozenset(live_objects(sandbox.server))
        self._after: dict[str, dict[ObjectId, Values]] = {}

    def close(self) -> None:
        """Stops watching the cluster."""
        self.sandbox.watcher.close()

    def phases(self) -> tuple[Phase, ...]:
        return tuple(self._phase(push) for push in self.plan.pushes)

    def restored(self) -> tuple[str, ...] | None:
        """Returns what the revert did not restore, or None if there was no revert."""
        if "revert" not in self._after:
            return None
        return tuple(not_restored(self._after["base"], self._after["revert"]))

    def _phase(self, push: Push) -> Phase:
        sandbox, tree = self.sandbox, self.trees.by_push[push.name]
        sandbox.progress(f"{push.name}: {push.revision}")
        sandbox.watcher.follow({*FOLLOWED, *self.trees.kinds()})
        index, begin = sandbox.watcher.count, time.monotonic()
        commit = self._push(push, tree)
        awaited = settling.wait_until_settled(
            sandbox, self.trees.expected(tree), commit, self.plan.refresh_interval
        )
        if awaited:
            self._require_argocd()
        seconds = round(time.monotonic() - begin, 1)
        sandbox.watcher.catch_up()
        events = sandbox.watcher.since(index)
        sandbox.progress(f"{push.name}: checking for drift")
        phase = Phase(push.name, push.revision, seconds, not awaited, awaited=awaited)
        phase = self._checked(push, phase, sync_times(events, begin, commit))
        if push.name not in FIRST:
            owned = self.trees.owned(sandbox.server.resources())
            phase = replace(phase, changes=object_changes(events, begin, owned))
        self._after[push.name] = self._content()
        return self._with_prediction(push, phase)

    def _with_prediction(self, push: Push, phase: Phase) -> Phase:
        """Returns the phase of the push after the base with the check of the prediction."""
        prediction = self.plan.prediction
        if prediction is None or push.name != PREDICTED:
            return phase
        served = self.sandbox.server.resources()
        base, head = (tree_as_served(self.trees.by_push[n], served) for n in ("base", PREDICTED))
        left_out = self.trees.left_out_names
        review = PredictionReview(prediction, base, head, push.facts, left_out)
        return replace(phase, prediction=review.check(phase))

    def _push(self, push: Push, tree: EnvironmentObjects) -> str:
        """Pushes a revision and returns its commit.

        The bootstrap objects are applied after the first push. After every other push, Argo CD is
        notified as by a webhook.
        """
        repository, left_out = self.sandbox.repository, self.trees.left_out_names
        commit = repository.push(push.root, self.plan.environment, left_out)
        if push is not self.plan.pushes[0]:
            self.sandbox.refresh_all()
            return commit
        for item in tree.bootstrap:
            self.sandbox.put(repository.adapted_value(item.value))
        return commit

    def _require_argocd(self) -> None:
        """Raises ToolFailed if a program hangs, because the user's files are not the cause then."""
        self.sandbox.processes.require_answers()
        if self.sandbox.applications().get(ROOT) is None:
            raise ToolFailed("Argo CD did not process the root Application")

    def _checked(self, push: Push, phase: Phase, times: dict[str, SyncTimes]) -> Phase:
        server, left_out = self.sandbox.server, self.trees.left_out_names
        served = server.resources()
        tree = tree_as_served(self.trees.by_push[push.name], served)
        items = self.trees.rehearsed(tree, served)
        begin = time.monotonic()
        remarks = self._remarks(push, phase, tree)
        answers = DryRun(server, push.facts.section_of).remarks(items)
        drifts = self._drift(push, tree)
        self.checked = round(time.monotonic() - begin, 1)
        owned = [item.id for item in (*items, *tree.bootstrap)]
        in_order = phase.name not in FIRST
        return replace(
            phase,
            steps=sync_steps(self.sandbox.applications(), times, tree, push.facts, left_out),
            remarks=(*answers, *remarks),
            # If a sync stopped, the timeline shows it; objects that it did not create are no drift.
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
            applications = settling.refresh_all(self.sandbox)
            compared = {name: argocd.compared(name) for name in applications}
            for item in drift(applications, compared, tree, push.facts):
                found.setdefault((item.component, item.object.id), item)
        return tuple(found.values())

    def _content(self) -> dict[ObjectId, Values]:
        """Returns the live objects that are rendered from Git, except Applications."""
        owned = self.trees.owned(self.sandbox.server.resources())
        return {
            identity: without_bookkeeping(value)
            for identity, value in self.sandbox.watcher.snapshot().items()
            if identity in owned and not is_application(identity)
        }
