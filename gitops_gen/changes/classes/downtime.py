"""Times in which nothing serves."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import (
    SCALED,
    STATEFUL_SET,
    WORKLOADS,
    EnvironmentContext,
    replicas,
)
from gitops_gen.changes.images import database_major, image_changes
from gitops_gen.changes.result import (
    Certainty,
    ChangeClass,
    Consequence,
    DifferenceKind,
    ObjectDifference,
)
from gitops_gen.changes.rollouts import rollout
from gitops_gen.objects.plain import as_list, value_at

DOWNTIME = ChangeClass(
    "downtime",
    rank=3,
    title="Nothing serves for some time",
    certainty=Certainty.EXACT,
    why="All Pods of a workload stop before the new ones are ready, or the workload is removed.",
    remedy="Run two or more replicas with the strategy RollingUpdate, or merge in a maintenance "
    "window.",
)


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.removed is not None and change.id.group_kind in WORKLOADS:
        yield from _removal(change, environment)
    if not change.is_update:
        return
    yield from _scaled_to_zero(change)
    yield from _interruption(change, environment)
    yield from _database_major(change)


def _removal(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    item = change.removed
    if item is None:
        return
    removal = environment.removal(item)
    if removal.is_deleted:
        renamed = change.kind is DifferenceKind.RENAMED
        then = f", and creates {change.id} without waiting for it" if renamed else ""
        yield DOWNTIME.consequence(f"Argo CD deletes {item.id} and its Pods{then}")


def _scaled_to_zero(change: ObjectDifference) -> Iterator[Consequence]:
    if change.id.group_kind in SCALED and replicas(change.old) and not replicas(change.new):
        place = next(change.below("spec", "replicas"), None)
        yield DOWNTIME.consequence("no Pod runs any more", place)


def _interruption(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    found = rollout(change, environment)
    if found is not None and found.interrupts:
        stops = "its only Pod stops" if found.most == 1 else "all Pods stop"
        yield DOWNTIME.consequence(f"{stops} before a new one is ready")


def _database_major(change: ObjectDifference) -> Iterator[Consequence]:
    if change.id.group_kind != STATEFUL_SET or not as_list(
        value_at(change.new, "spec", "volumeClaimTemplates")
    ):
        return
    for difference, old, new in image_changes(change):
        if database_major(old, new):
            yield DOWNTIME.consequence(
                "another major version of the database does not start with the existing files",
                difference,
                certainty=Certainty.HEURISTIC,
                remedy="docs/database.md#upgrading-to-another-major-version describes the limits.",
            )
