"""Rules over what files of values say, whatever section it stands in: one module each, found
by being here.

A module defines `findings(layer)`, or `across(layers)` for what an environment's layers, lowest
first, say of one another. A layer is held against them as it was written: what a higher layer
covers stays in the repository all the same. It need not fit the schema yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeAlias

from gitops_gen.model import Document, Finding

Rule: TypeAlias = Callable[[Document], Iterable[Finding]]
Across: TypeAlias = Callable[[Sequence[Document]], Iterable[Finding]]


def rules() -> tuple[Rule, ...]:
    return _found("findings")


def across() -> tuple[Across, ...]:
    return _found("across")


def _found(function: str) -> tuple[Any, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(getattr(module, function) for module in modules if hasattr(module, function))
