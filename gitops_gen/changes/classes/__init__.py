"""What changes do to a cluster. Each module of this package is one class of consequences.

A module defines a constant of the type `ChangeClass` and the function
`consequences(change, environment) -> Iterator[Consequence]`. The modules are discovered: adding a
class takes one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import (
    ChangeClass,
    ClassifiedChange,
    Consequence,
    ObjectDifference,
)
from gitops_gen.rule_registry import rule_files

REFUSED = "refused"
ROUTINE = "routine"
RESTART = "restart"


@dataclass(frozen=True, slots=True)
class ClassModule:
    change_class: ChangeClass
    consequences: Callable[[ObjectDifference, EnvironmentContext], Iterator[Consequence]]


@cache
def class_modules() -> tuple[ClassModule, ...]:
    """Returns all classes, the most dangerous first."""
    found = [
        ClassModule(change_class, module.consequences)
        for module in rule_files(__name__)
        for change_class in _defined_in(module)
    ]
    return tuple(sorted(found, key=lambda one: one.change_class.rank))


def change_classes() -> tuple[ChangeClass, ...]:
    return tuple(one.change_class for one in class_modules())


def classified(change: ObjectDifference, environment: EnvironmentContext) -> ClassifiedChange:
    """The change with its consequences, the most dangerous first.

    Each class reports a consequence once, at its first field; only refusals are reported at each
    field. A change that the API server refuses is not applied, and has no other consequence,
    unless it is accepted and then applied by hand.
    """
    found: list[Consequence] = []
    for module in class_modules():
        if module.change_class.id == ROUTINE and not _is_routine(found):
            continue
        found += _reported_once(module.consequences(change, environment))
        if module.change_class.id == REFUSED and not all(one.acceptable for one in found):
            break
    removed = change.removed
    removal = environment.removal(removed) if removed is not None else None
    return ClassifiedChange(change, tuple(found), removal)


def _reported_once(consequences: Iterable[Consequence]) -> Iterator[Consequence]:
    seen: set[tuple[str, str]] = set()
    for one in consequences:
        key = one.message, one.at.label if one.at and one.change_class.id == REFUSED else ""
        if key not in seen:
            seen.add(key)
            yield one


def _is_routine(found: Sequence[Consequence]) -> bool:
    """Whether nothing is reported but restarts, which every new image causes."""
    return all(one.change_class.id == RESTART for one in found)


def _defined_in(module: ModuleType) -> Iterator[ChangeClass]:
    return (value for value in vars(module).values() if isinstance(value, ChangeClass))
