"""Times in which nothing serves."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import (
    CRON_JOB,
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
    title="Nothing serves for some time, or a job no longer runs",
    certainty=Certainty.EXACT,
    why="All Pods of a workload stop before the new ones are ready, the workload has no Pods any "
    "more, or it is removed. A CronJob that is suspended or removed starts no more Jobs.",
    remedy="Run two or more replicas with the strategy RollingUpdate, or merge in a maintenance "
    "window.",
)

_REMEDY_OF_REMOVAL = "Make sure that nothing needs the workload any more, or keep it in the values."
_REMEDY_OF_MOVE = (
    "Add the new workload first, and remove the old one in a later change, or merge in a "
    "maintenance window."
)
_REMEDY_OF_STATEFUL_SET = (
    "Merge in a maintenance window, unless the application can run with two or more replicas."
)
_POD = ("", "Pod")
_DELETED_WITH = {CRON_JOB: " with its Jobs, and no more Jobs start", _POD: ""}
_SUSPENDED = {
    CRON_JOB: "no more Jobs start",
    ("batch", "Job"): "the Pods of the Job are deleted until it is resumed",
}


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.removed is not None and change.id.group_kind in (*WORKLOADS, CRON_JOB, _POD):
        yield from _removal(change, environment)
    if not change.is_update:
        return
    yield from _scaled_to_zero(change)
    yield from _suspended(change)
    yield from _interruption(change, environment)
    yield from _database_major(change)


def _removal(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    item = change.removed
    if item is None:
        return
    removal = environment.removal(item)
    if removal.is_deleted:
        renamed = change.kind is DifferenceKind.RENAMED
        then = ", and creates the new one without waiting for it" if renamed else ""
        with_it = _DELETED_WITH.get(change.id.group_kind, " and its Pods")
        yield DOWNTIME.consequence(
            f"Argo CD deletes {change.naming(item)}{with_it}{then}",
            remedy=_REMEDY_OF_MOVE if renamed else _REMEDY_OF_REMOVAL,
        )


def _scaled_to_zero(change: ObjectDifference) -> Iterator[Consequence]:
    if change.id.group_kind in SCALED and replicas(change.old) and not replicas(change.new):
        place = next(change.below("spec", "replicas"), None)
        yield DOWNTIME.consequence("no Pod runs any more", place)


def _suspended(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields that no more Jobs start, or that the Pods of a Job are deleted."""
    event = _SUSPENDED.get(change.id.group_kind)
    old, new = (value_at(one, "spec", "suspend") for one in (change.old, change.new))
    if event and new is True and old is not True:
        yield DOWNTIME.consequence(event, next(change.below("spec", "suspend"), None))


def _interruption(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    found = rollout(change, environment)
    if found is not None and found.interrupts:
        stops = "its only Pod stops" if found.most == 1 else "all Pods stop"
        remedy = _REMEDY_OF_STATEFUL_SET if change.id.group_kind == STATEFUL_SET else ""
        yield DOWNTIME.consequence(f"{stops} before a new one is ready", remedy=remedy)


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
                remedy="Do not merge it without a dump of the database and an empty volume: "
                "docs/database.md#upgrading-to-another-major-version.",
                afterwards=f"Restore the dump of the database of {change.id} into an empty volume: "
                "docs/database.md#upgrading-to-another-major-version",
            )
