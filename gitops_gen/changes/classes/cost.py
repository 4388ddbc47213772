"""Quantities that AWS charges for. Prices are not known."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import AUTOSCALER, SCALED, EnvironmentContext, replicas
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.components.quantities import value as number_of
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list, value_at

COST = ChangeClass(
    "cost",
    rank=12,
    title="More Pods or more storage is used",
    certainty=Certainty.RULE,
    why="AWS charges for nodes and volumes. Only quantities are compared.",
    remedy="Nothing, if the quantity is intended.",
    is_danger=False,
)
_CLAIM = ("", "PersistentVolumeClaim")


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    del environment
    kind = change.id.group_kind
    if kind in SCALED and change.is_update and replicas(change.new) > replicas(change.old):
        place = next(change.below("spec", "replicas"), None)
        yield COST.consequence(_pods(change), place)
    if kind == AUTOSCALER and change.is_update:
        old, new = (value_at(one, "spec", "maxReplicas") for one in (change.old, change.new))
        if isinstance(old, int) and isinstance(new, int) and new > old:
            place = next(change.below("spec", "maxReplicas"), None)
            yield COST.consequence(f"up to {new} Pods instead of {old}", place)
    yield from _storage(change)


def _pods(change: ObjectDifference) -> str:
    return f"{replicas(change.new)} Pods instead of {replicas(change.old)}"


def _storage(change: ObjectDifference) -> Iterator[Consequence]:
    if change.after is None:
        return
    old, new = dict(_requests(change.old, change)), dict(_requests(change.new, change))
    for name, quantity in new.items():
        before = old.get(name)
        if before is None:
            yield COST.consequence(f"a volume of {quantity} for each claim {name}")
        elif _is_more(quantity, before):
            yield COST.consequence(f"volume {name}: {quantity} instead of {before}")


def _requests(value: Values, change: ObjectDifference) -> Iterator[tuple[str, str]]:
    """Yields the name and the size of each claim."""
    if change.id.group_kind == _CLAIM:
        claims = [value] if value else []
    elif change.id.kind == "StatefulSet":
        claims = as_list(value_at(value, "spec", "volumeClaimTemplates"))
    else:
        return
    for claim in claims:
        size = value_at(claim, "spec", "resources", "requests", "storage")
        if size is not None:
            yield str(value_at(claim, "metadata", "name")), str(size)


def _is_more(new: str, old: str) -> bool:
    try:
        return number_of(new) > number_of(old)
    except ValueError:
        return False
