"""Without controllers: Argo CD compares every Application with the cluster, and syncs nothing."""

from __future__ import annotations

import time

from gitops_gen.model import Values
from gitops_gen.rehearse import examine
from gitops_gen.rehearse.dry_run import located_tree
from gitops_gen.rehearse.hidden import hidden
from gitops_gen.rehearse.manifests import APPLICATION, Manifest
from gitops_gen.rehearse.result import Phase, Step
from gitops_gen.rehearse.scene import Plan, Scene
from gitops_gen.rehearse.stage import FOLLOWED, Stage
from gitops_gen.rehearse.watch import Watcher

SECONDS = 300


def compare(plan: Plan, shown: Scene, stage: Stage) -> Phase:
    """What Argo CD could not read, or may not sync."""
    push = plan.pushes[-1]
    tree, begin = shown.trees[push.name], time.monotonic()
    stage.progress(f"comparison: {push.revision}")
    stage.watcher = Watcher(stage.server)
    stage.watcher.follow(FOLLOWED)
    stage.repository.push(push.root, plan.environment, shown.skipped)
    # The project before those that are in it.
    for item in (*tree.bootstrap, *sorted(tree.applications, key=lambda item: item.wave)):
        if item.object.name not in shown.skipped:
            stage.put(_without_sync(stage, item))
    names = shown.expected(tree)
    stage.wait("Argo CD's comparison", lambda: _compared(stage, names), SECONDS)
    states = stage.applications()
    tree = located_tree(tree, stage.server.resources())
    remarks = examine.refusals(stage.raw_applications(), tree, push.known)
    remarks += hidden(tree, push.known, plan.settings, plan.versions.get(examine.ARGOCD))
    steps = tuple(
        Step(m.object.name, m.wave, None, None, None, f"{states[m.object.name].sync} (compared)")
        for m in sorted(tree.applications, key=lambda item: item.wave)
        if m.object.name in states and m.object.kind == APPLICATION
    )
    seconds = round(time.monotonic() - begin, 1)
    return Phase("comparison", push.revision, seconds, True, steps, remarks=remarks)


def _without_sync(stage: Stage, item: Manifest) -> Values:
    value = stage.repository.manifest(item)
    spec = value.get("spec")
    if value.get("kind") != APPLICATION or not isinstance(spec, dict):
        return value
    policy = {k: v for k, v in (spec.get("syncPolicy") or {}).items() if k != "automated"}
    return {**value, "spec": {**spec, "syncPolicy": policy}}


def _compared(stage: Stage, names: frozenset[str]) -> bool:
    raw = stage.raw_applications()
    return all((raw.get(name, {}).get("status") or {}).get("reconciledAt") for name in names)
