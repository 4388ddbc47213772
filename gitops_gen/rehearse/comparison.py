"""The reduced mode without controllers: Argo CD compares every Application and syncs nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects, is_application, sync_wave
from gitops_gen.rehearse.application_state import ApplicationState
from gitops_gen.rehearse.dry_run import tree_as_served
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.rehearsed_trees import RehearsedTrees
from gitops_gen.rehearse.result import Phase, Remark, SyncStep
from gitops_gen.rehearse.sandbox import FOLLOWED, Sandbox
from gitops_gen.rehearse.server_side_diff import server_side_diff_warnings
from gitops_gen.rehearse.sync_problems import ARGOCD, sync_problems
from gitops_gen.rehearse.watch import Watcher

SECONDS = 300


def compare(plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> Phase:
    """Reports the objects that Argo CD cannot read or is not allowed to sync."""
    push, begin = plan.pushes[-1], time.monotonic()
    tree = trees.by_push[push.name]
    sandbox.progress(f"comparison: {push.revision}")
    with closing(Watcher(sandbox.server)) as sandbox.watcher:
        sandbox.watcher.follow(FOLLOWED)
        sandbox.repository.push(push.root, plan.environment, trees.left_out_names)
        for item in in_order_of_creation(tree, trees.left_out_names):
            sandbox.put(without_automated_sync(sandbox.repository.adapted_value(item.value)))
        names = trees.expected(tree)
        sandbox.wait(
            "Argo CD's comparison", lambda: all_compared(sandbox.raw_applications(), names), SECONDS
        )
        remarks = _remarks(plan, push, tree, sandbox)
        seconds = round(time.monotonic() - begin, 1)
        steps = tuple(comparison_steps(tree, sandbox.applications()))
    return Phase("comparison", push.revision, seconds, True, steps, remarks=remarks)


def in_order_of_creation(
    tree: EnvironmentObjects, left_out: frozenset[str]
) -> Iterator[KubeObject]:
    """Yields the bootstrap objects and Applications; an AppProject precedes its Applications."""
    for item in (*tree.bootstrap, *_by_wave(tree.applications)):
        if item.id.name not in left_out:
            yield item


def without_automated_sync(value: Values) -> Values:
    """Returns an Application without automated sync, which Argo CD only compares."""
    spec = value.get("spec")
    if value.get("kind") != "Application" or not isinstance(spec, dict):
        return value
    policy = {k: v for k, v in (spec.get("syncPolicy") or {}).items() if k != "automated"}
    return {**value, "spec": {**spec, "syncPolicy": policy}}


def all_compared(applications: Mapping[str, Values], names: Iterable[str]) -> bool:
    statuses = (applications.get(name, {}).get("status") or {} for name in names)
    return all(status.get("reconciledAt") for status in statuses)


def comparison_steps(
    tree: EnvironmentObjects, states: Mapping[str, ApplicationState]
) -> Iterator[SyncStep]:
    """Yields the steps in the order of the sync waves, without times: nothing was synced."""
    for item in _by_wave(tree.applications):
        state = states.get(item.id.name)
        if state is not None and is_application(item.id):
            text = f"{state.sync} (compared)"
            yield SyncStep(item.id.name, sync_wave(item), None, None, None, text)


def _by_wave(items: Iterable[KubeObject]) -> list[KubeObject]:
    return sorted(items, key=sync_wave)


def _remarks(
    plan: RehearsalPlan, push: Push, tree: EnvironmentObjects, sandbox: Sandbox
) -> tuple[Remark, ...]:
    tree = tree_as_served(tree, sandbox.server.resources())
    problems = sync_problems(sandbox.raw_applications(), tree, push.facts)
    version = plan.versions.get(ARGOCD)
    return problems + server_side_diff_warnings(tree, push.facts, plan.settings, version)
