"""What a push did to the objects in the cluster, and what a revert did not restore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.fields import differences
from gitops_gen.objects.reading import is_application
from gitops_gen.rehearse.bookkeeping import without_bookkeeping
from gitops_gen.rehearse.result import ChangeKind, ObjectChange, ObjectReference
from gitops_gen.rehearse.watch import WatchEvent


def object_changes(
    events: Sequence[WatchEvent], begin: float, owned: frozenset[ObjectId]
) -> tuple[ObjectChange, ...]:
    """Changes of the objects that Git owns, Applications aside, and restarts, in their order."""
    deleted: set[ObjectId] = set()
    changes: list[ObjectChange] = []
    for event in events:
        identity = event.object.id
        if identity in owned and not is_application(identity):
            changes += _changes(event, round(event.at - begin, 2), deleted)
            if event.type == "DELETED":
                deleted.add(identity)
    changes += _restarts(events, begin)
    return tuple(sorted(changes, key=lambda change: change.at))


def _changes(event: WatchEvent, at: float, deleted: set[ObjectId]) -> Iterator[ObjectChange]:
    """At most one."""
    if event.type == "DELETED":
        yield ObjectChange(at, ChangeKind.PRUNED, event.object)
    elif event.before is None:
        was_deleted = event.object.id in deleted
        kind = ChangeKind.REPLACED if was_deleted else ChangeKind.CREATED
        yield ObjectChange(at, kind, event.object)
    elif not _is_being_deleted(event):
        before, after = without_bookkeeping(event.before), without_bookkeeping(event.after)
        fields = tuple(found.path for found in differences(before, after))
        if fields:
            yield ObjectChange(at, ChangeKind.CHANGED, event.object, fields)


def _restarts(events: Sequence[WatchEvent], begin: float) -> Iterator[ObjectChange]:
    """The workloads of which one Pod was deleted and another was created.

    A rollout does not wait until the old Pods are gone: that they are being deleted is enough.
    """
    stopped = {_workload(event) for event in events if _is_being_deleted(event)}
    restarted: set[ObjectReference] = set()
    for event in events:
        workload = _workload(event) if event.type == "ADDED" else None
        if workload and workload in stopped and workload not in restarted:
            restarted.add(workload)
            yield ObjectChange(round(event.at - begin, 2), ChangeKind.RESTARTED, workload)


def _is_being_deleted(event: WatchEvent) -> bool:
    return event.type == "DELETED" or bool(event.after["metadata"].get("deletionTimestamp"))


def _workload(event: WatchEvent) -> ObjectReference | None:
    """The Deployment, StatefulSet or DaemonSet that a Pod belongs to."""
    if event.object.id.kind != "Pod":
        return None
    metadata = event.after["metadata"]
    owner = next(iter(metadata.get("ownerReferences") or ()), None)
    if owner is None or owner["kind"] == "Job":
        return None
    kind, name = owner["kind"], owner["name"]
    digest = (metadata.get("labels") or {}).get("pod-template-hash")
    if kind == "ReplicaSet" and digest:
        kind, name = "Deployment", name.removesuffix(f"-{digest}")
    identity = ObjectId("apps", kind, metadata.get("namespace") or "", name)
    return ObjectReference(identity, "apps/v1")


def not_restored(
    base: Mapping[ObjectId, Values], reverted: Mapping[ObjectId, Values]
) -> Iterator[str]:
    """What a revert did not bring back as it was, in words."""
    for identity in sorted({*base, *reverted}):
        if identity not in reverted:
            yield f"{identity} is gone"
        elif identity not in base:
            yield f"{identity} was not there before"
        else:
            for path, before, after in differences(base[identity], reverted[identity]):
                yield f"{identity}: {path} was {before!r}, is {after!r}"
