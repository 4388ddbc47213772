"""Rules over all values, whatever section they stand in: one module each, found by being here.

A module defines `findings(environment)`. The values need not fit the schema yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from gitops_gen.model import Environment, Finding

Rule: TypeAlias = Callable[[Environment], Iterable[Finding]]


def rules() -> tuple[Rule, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").findings for name in names)
