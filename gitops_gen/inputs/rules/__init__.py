"""Rules over what files of values say, whatever section it stands in: one file a theme, found by
being here.

A file defines its rules and `findings(layer)`, or `across(layers)` for what an environment's
layers, lowest first, say of one another. A layer is held against them as it was written: what a
higher layer covers stays in the repository all the same. It need not fit the schema yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from gitops_gen.model import Document, Finding, Rule
from gitops_gen.rule_registry import defined_in, rule_files

LayerCheck: TypeAlias = Callable[[Document], Iterable[Finding]]
AcrossCheck: TypeAlias = Callable[[Sequence[Document]], Iterable[Finding]]


def layer_checks() -> tuple[LayerCheck, ...]:
    return _found("findings")


def across_checks() -> tuple[AcrossCheck, ...]:
    return _found("across")


def applied_rules() -> frozenset[Rule]:
    return frozenset(rule for file in rule_files(__name__) for rule in defined_in(file))


def _found(function: str) -> tuple[Any, ...]:
    files = rule_files(__name__)
    return tuple(getattr(file, function) for file in files if hasattr(file, function))
