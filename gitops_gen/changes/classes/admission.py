"""AppProjects that no longer admit what Argo CD must still delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen import yaml
from gitops_gen.changes.context import APP_PROJECT, WORKLOADS, EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.projects import MissingEntry, missing_entry
from gitops_gen.render.hydrate.protection import HOLDS_DATA

ADMISSION = ChangeClass(
    "admission",
    rank=4,
    title="An AppProject no longer admits what Argo CD must still delete",
    certainty=Certainty.EXACT,
    why="Argo CD deletes only what the AppProject admits. If a namespace or a kind leaves the "
    "AppProject in the same change as the objects, they stay in the cluster, and nothing owns "
    "them any more.",
    remedy="Keep the namespace and the kinds in the AppProject until the objects are deleted: add "
    "the entry of `alsoAdmit` that the message contains, or first set `enabled: false` and remove "
    "the section from the values in a later change: docs/first-sync.md#removing-a-component.",
)
_SHOWN = 4
_REASON = "until Argo CD has deleted what was removed"
_FIRST = {*WORKLOADS, *HOLDS_DATA}


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.id.group_kind != APP_PROJECT or not change.is_update:
        return
    removed = [one.removed for one in environment.differences if one.removed is not None]
    kept = [item for item in removed if _cannot_be_deleted(item, change, environment)]
    if kept:
        # What runs or holds data is named first. The order is otherwise kept.
        kept.sort(key=lambda item: item.id.group_kind not in _FIRST)
        entries = _entries(kept, change.new, environment)
        shown = ", ".join(str(item.id) for item in kept[:_SHOWN])
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        yield ADMISSION.consequence(
            f"Argo CD cannot delete {shown}{more}: the AppProject no longer admits "
            f"{_listed(entries)}; until they are deleted, add to the values of the environment: "
            f"`{_also_admit(entries)}`"
        )


def _cannot_be_deleted(
    item: KubeObject, change: ObjectDifference, environment: EnvironmentContext
) -> bool:
    application = environment.application(environment.base, item.component)
    project = value_at(application.value, "spec", "project") if application else None
    removal = environment.removal_if_admitted(item)
    to_be_deleted = removal.is_deleted and not removal.with_namespace
    return project == change.id.name and to_be_deleted and environment.is_no_longer_admitted(item)


def _entries(
    items: Sequence[KubeObject], project: Values, environment: EnvironmentContext
) -> list[MissingEntry]:
    """The namespaces and the kinds that the AppProject lacks, each once."""
    applications = (environment.application(environment.base, item.component) for item in items)
    found = (
        missing_entry(project, application, item)
        for item, application in zip(items, applications, strict=True)
    )
    return sorted(set(found))


def _listed(entries: Sequence[MissingEntry]) -> str:
    return ", ".join(map(str, entries))


def _also_admit(entries: Sequence[MissingEntry]) -> str:
    """The key `alsoAdmit` in YAML, on one line, so that it can be copied into a values file."""
    return f"alsoAdmit: {yaml.flow([_entry(one) for one in entries])}"


def _entry(entry: MissingEntry) -> Values:
    places = {"namespace": entry.namespace, "kind": entry.kind}
    return {**{key: text for key, text in places.items() if text}, "reason": _REASON}
