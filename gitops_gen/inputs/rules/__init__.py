"""Rules over what a file of values says, whatever section it stands in: one module each, found
by being here.

A module defines `findings(layer)`. A layer is held against them as it was written: what a
higher layer covers stays in the repository all the same. It need not fit the schema yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from gitops_gen.model import Document, Finding

Rule: TypeAlias = Callable[[Document], Iterable[Finding]]


def rules() -> tuple[Rule, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").findings for name in names)
