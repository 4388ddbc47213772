"""Changes and new objects that the API server refuses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.apicheck import Fault
from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.changes.volume_growth import VolumeGrowth

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
_IMMUTABLE = ("immutable", "for fields other than", "may not change", "can not be less than")
_VOLUME = ".resources.requests.storage"
_SHRINKING = "A volume can grow, but not shrink: undo the change of the size."


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    growth = VolumeGrowth.of(change)
    if growth is not None:
        yield from _growth(growth, environment)
    elif change.faults:
        yield from _refusals(change)


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
