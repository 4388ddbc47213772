"""Changes and new objects that the API server refuses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.apicheck import Fault
from gitops_gen.changes.context import APP_PROJECT, EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.changes.volume_growth import VolumeGrowth
from gitops_gen.objects.kube_object import KubeObject

REFUSED = ChangeClass(
    "refused",
    rank=1,
    title="The API server refuses the change",
    certainty=Certainty.EXACT,
    why="The validation of this Kubernetes version, applied to the old and the new object, refuses "
    "it. Argo CD reports a failed sync, and nothing of this object's change reaches the cluster.",
    remedy="Undo the change of the field. An immutable field needs a new object, or the procedure "
    "that the documentation describes for it.",
    acceptable=False,
)
_IMMUTABLE = (
    "immutable",
    "for fields other than",
    "may not change",
    "can not be less than",
    "cannot change roleRef",
)
_VOLUME = ".resources.requests.storage"
_NOT_ADMITTED = "Admit the namespace and the kind in the AppProject: `alsoAdmit` in the values."
_SHOWN = 4
_SHRINKING = "A volume can grow, but not shrink: undo the change of the size."


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    growth = VolumeGrowth.of(change)
    if growth is not None:
        yield from _growth(growth, environment)
    elif change.faults:
        yield from _refusals(change)
    elif change.added is not None:
        yield from _not_created(change.added, environment)
    elif change.is_update and change.id.group_kind == APP_PROJECT:
        yield from _no_longer_admitted(change, environment)


def _not_created(item: KubeObject, environment: EnvironmentContext) -> Iterator[Consequence]:
    """Yields why Argo CD cannot create the object, although it is valid."""
    namespace = item.id.namespace
    if project := environment.refusing_project(item):
        message = f"Argo CD does not create it: AppProject {project} does not admit it"
        yield REFUSED.consequence(message, remedy=_NOT_ADMITTED, by_argocd=True)
    elif namespace and namespace not in environment.known_namespaces:
        yield REFUSED.consequence(
            f"no revision creates the namespace {namespace}: the API server refuses the object "
            "unless the namespace exists",
            certainty=Certainty.RULE,
            remedy=f"Create the namespace {namespace} first, or correct its name.",
            acceptable=True,
        )


def _no_longer_admitted(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    """Yields the objects that Argo CD could sync until now, and no longer can."""
    lost = [
        item
        for item in environment.head.values()
        if item.id in environment.base
        and environment.refusing_project(item) == change.id.name
        and not environment.is_refused_in_base(item)
    ]
    if lost:
        shown = ", ".join(str(item.id) for item in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        yield REFUSED.consequence(
            f"Argo CD no longer syncs {shown}{more}: the AppProject does not admit them",
            next(change.below("spec"), None),
            remedy=_NOT_ADMITTED,
            objects=tuple(item.id for item in lost),
            by_argocd=True,
        )


def _growth(growth: VolumeGrowth, environment: EnvironmentContext) -> Iterator[Consequence]:
    """Yields the refusal that a procedure of the documentation removes, so it can be accepted."""
    obstacle = growth.obstacle(environment)
    for difference in growth.change.refused_fields:
        yield REFUSED.consequence(
            f"immutable, and {obstacle}"
            if obstacle
            else "immutable until the StatefulSet is deleted without its Pods and created again",
            difference,
            remedy="" if obstacle else growth.remedy,
            acceptable=not obstacle,
            afterwards="" if obstacle else growth.remedy,
        )


def _refusals(change: ObjectDifference) -> Iterator[Consequence]:
    message = _message(change.faults[0])
    for difference in change.refused_fields:
        remedy = _SHRINKING if difference.label.endswith(_VOLUME) else ""
        yield REFUSED.consequence(message, difference, remedy=remedy)
    if not change.refused_fields:
        for fault in change.faults:
            place = f"{fault.path}: " if fault.path.parts else ""
            yield REFUSED.consequence(f"{place}{fault.message}")


def _message(fault: Fault) -> str:
    if any(word in fault.message for word in _IMMUTABLE):
        return "immutable"
    return fault.message
