"""Data that is deleted, or that the application no longer finds."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import STATEFUL_SET, EnvironmentContext, containers, replicas
from gitops_gen.changes.definitions import CRD, DefinitionChanges, first_of
from gitops_gen.changes.result import (
    Certainty,
    ChangeClass,
    Consequence,
    DifferenceKind,
    ObjectDifference,
)
from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at
from gitops_gen.objects.reading import APPLICATION
from gitops_gen.render.hydrate.protection import HOLDS_DATA, SYNC_OPTIONS, option

DATA_LOSS = ChangeClass(
    "data-loss",
    rank=2,
    title="Data is deleted, or is no longer used",
    certainty=Certainty.RULE,
    why="Argo CD deletes an object that holds data, or the application starts with an empty volume "
    "or another database while the data stays behind.",
    remedy="Make a backup first. docs/add-ons.md#objects-that-hold-data describes how to keep an "
    "object, and docs/runbook.md#restoring-the-database-from-a-snapshot how to move a database.",
)
_LOST_WITH = {
    "CustomResourceDefinition": "every object of its kind",
    "Namespace": "everything in it, including PersistentVolumeClaims",
    "PersistentVolume": "the reference to its data",
    "PersistentVolumeClaim": "its data, unless the reclaim policy of the volume is Retain",
}
_KEEPS_ITS_DATA = ("PersistentVolume", "PersistentVolumeClaim", "StatefulSet")
_OF_THE_DATA = {
    "PGDATA": "the folder of the data",
    "POSTGRES_DB": "the database",
    "POSTGRES_USER": "the owner of the database",
    "APPLICATION_DATABASE": "the database",
    "APPLICATION_USER": "the owner of the database",
    "MYSQL_DATABASE": "the database",
    "MYSQL_USER": "the owner of the database",
    "MARIADB_DATABASE": "the database",
    "MONGO_INITDB_DATABASE": "the database",
}
"""Variables of database images that are only read when an empty volume is initialized."""
_POLICIES = ("persistentVolumeReclaimPolicy", "reclaimPolicy")


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.removed is not None and change.removed.id.group_kind in HOLDS_DATA:
        yield from _removal(change, change.removed, environment)
    if change.removed is not None and change.id.group_kind == APPLICATION:
        yield from _chart_removal(change.removed, environment)
    if change.is_update:
        yield from _pruning(change)
        yield from _moved(change)
        yield from _unprotected(change)
        yield from _policies(change)
    if change.is_update and change.id.group_kind == STATEFUL_SET:
        yield from _stateful_set(change)
    if change.is_update and change.id.group_kind == CRD:
        yield from _definition(change)


def _removal(
    change: ObjectDifference, item: KubeObject, environment: EnvironmentContext
) -> Iterator[Consequence]:
    removal = environment.removal(item)
    named = change.naming(item)
    if removal.is_deleted:
        lost = _lost_with(item)
        if lost or removal.reason.startswith("its Namespace"):
            cause = f" ({removal.reason})" if removal.reason else ""
            yield DATA_LOSS.consequence(
                f"Argo CD deletes {named}{cause}, and with it {lost or 'its volumes'}"
            )
    elif change.kind is DifferenceKind.RENAMED and item.id.kind != "Namespace":
        yield DATA_LOSS.consequence(
            f"the new object starts without the data of {item.id}, which stays in the cluster "
            f"({removal.reason}) but is no longer in Git",
            afterwards=f"Move the data of {item.id} to {change.id}, then delete {item.id}",
        )
    elif item.id.kind in _KEEPS_ITS_DATA and not environment.is_removed:
        yield DATA_LOSS.consequence(
            f"{named} stays in the cluster ({removal.reason}) with its data, but is no longer in "
            "Git: nothing updates or deletes it",
            remedy=_remedy_of_kept(item),
            afterwards=f"Delete {item.id} when its data is no longer needed",
        )


def _remedy_of_kept(item: KubeObject) -> str:
    """What to do about an object that holds data and stays in the cluster, with the command."""
    place = f"-n {item.id.namespace} " if item.id.namespace else ""
    command = f"kubectl {place}delete {item.id.kind.lower()} {item.id.name}"
    return (
        f"Keep {item.id} in Git as long as its data is used. When it is not, make a backup, and "
        f"delete the object: `{command}`."
    )


def _lost_with(item: KubeObject) -> str:
    """What is deleted with the object. The claims of a StatefulSet stay by default."""
    if item.id.group_kind != STATEFUL_SET:
        return _LOST_WITH.get(item.id.kind, "")
    policy = value_at(item.value, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
    return "its PersistentVolumeClaims and their data" if policy == "Delete" else ""


def _chart_removal(item: KubeObject, environment: EnvironmentContext) -> Iterator[Consequence]:
    """Yields the removal of an Application whose objects are not in Git."""
    chart = value_at(item.value, "spec", "source", "chart")
    if chart is not None and environment.removal(item).is_deleted:
        yield DATA_LOSS.consequence(
            f"Argo CD deletes all objects of chart {chart}, including PersistentVolumeClaims, "
            "except those with Delete=false"
        )


def _pruning(change: ObjectDifference) -> Iterator[Consequence]:
    if change.id.group_kind != APPLICATION:
        return
    for difference in change.below("spec", "syncPolicy", "automated", "prune"):
        if value_at(change.new, "spec", "syncPolicy", "automated", "prune") is True:
            message = "Argo CD deletes what left Git before, as it did not do so until now"
            yield DATA_LOSS.consequence(message, difference, certainty=Certainty.HEURISTIC)


def _moved(change: ObjectDifference) -> Iterator[Consequence]:
    before, after = change.before, change.after
    if before is None or after is None or before.component == after.component:
        return
    if before.id.group_kind in HOLDS_DATA and _option(before.value, "Prune") != "false":
        yield DATA_LOSS.consequence(
            f"Application {after.component} takes the object over: Argo CD deletes it if "
            f"Application {before.component} is synced first"
        )


def _unprotected(change: ObjectDifference) -> Iterator[Consequence]:
    if change.id.group_kind not in HOLDS_DATA:
        return
    for name in ("Prune", "Delete"):
        if _option(change.old, name) == "false" and _option(change.new, name) != "false":
            yield DATA_LOSS.consequence(
                f"{name}=false is removed: Argo CD may delete the object later",
                next(change.below("metadata", "annotations"), None),
            )


def _option(value: Values, name: str) -> str | None:
    annotations = as_map(value_at(value, "metadata", "annotations"))
    return option(annotations, name) if SYNC_OPTIONS in annotations else None


def _policies(change: ObjectDifference) -> Iterator[Consequence]:
    for difference in change.fields:
        is_policy = bool(difference.names) and difference.names[-1] in _POLICIES
        if is_policy and (difference.before, difference.after) == ("Retain", "Delete"):
            message = "a volume is deleted with its PersistentVolumeClaim from now on"
            yield DATA_LOSS.consequence(message, difference)


def _stateful_set(change: ObjectDifference) -> Iterator[Consequence]:
    policy = as_map(value_at(change.new, "spec", "persistentVolumeClaimRetentionPolicy"))
    lost = replicas(change.old) - replicas(change.new)
    if lost > 0 and policy.get("whenScaled") == "Delete":
        yield DATA_LOSS.consequence(
            f"the PersistentVolumeClaims of {lost} Pods are deleted (whenScaled: Delete)",
            next(change.below("spec", "replicas"), None),
        )
    for difference in change.below("spec", "persistentVolumeClaimRetentionPolicy"):
        if difference.after == "Delete":
            yield DATA_LOSS.consequence(
                "PersistentVolumeClaims are deleted with their StatefulSet or Pod from now on",
                difference,
            )
    yield from _mounts(change)
    yield from _variables(change)


def _definition(change: ObjectDifference) -> Iterator[Consequence]:
    for version in DefinitionChanges.of(change).versions:
        if version.removed:
            yield DATA_LOSS.consequence(
                f"{version.version}: the API server no longer stores {first_of(version.removed)}, "
                "and drops it from an existing object when the object is written"
            )


def _mounts(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields the volumes of the claim templates that are no longer mounted where they were."""
    templates = as_list(value_at(change.old, "spec", "volumeClaimTemplates"))
    claims = {str(value_at(template, "metadata", "name")) for template in templates}
    kind = change.id.group_kind
    after = set(_mounted(change.new, kind))
    place = next((one for one in change.fields if "volumeMounts" in one.names), None)
    for mount in _mounted(change.old, kind):
        container, volume, path, _ = mount
        if volume in claims and mount not in after:
            message = f"container {container} no longer finds volume {volume} at {path}"
            yield DATA_LOSS.consequence(message, place)


def _mounted(value: Values, kind: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """Yields container, volume, path and path in the volume of each mount."""
    for container in containers(value, kind):
        for mount in map(as_map, as_list(container.get("volumeMounts"))):
            names = (str(mount.get(key) or "") for key in ("name", "mountPath", "subPath"))
            yield (str(container.get("name")), *names)


def _variables(change: ObjectDifference) -> Iterator[Consequence]:
    for difference in change.fields:
        name = _variable(difference.label)
        if name in _OF_THE_DATA and difference.before is not None and difference.after is not None:
            yield DATA_LOSS.consequence(
                f"{_OF_THE_DATA[name]} has another name: an existing volume is not changed by it, "
                "so the application does not find its data",
                difference,
                certainty=Certainty.HEURISTIC,
            )


def _variable(label: str) -> str:
    """The name of the environment variable that a field belongs to; empty for other fields."""
    before, _, rest = label.partition(".env[")
    return rest.partition("]")[0] if before and rest.endswith("].value") else ""
