"""Rules for values files that apply to all sections. Each file in this folder has one subject.

A file defines its rules and `findings(layer)`, or `across(layers)` for rules that compare the
layers of an environment, which are given lowest first. Layers are checked before they are merged,
because replaced values are in the repository too. They may not match the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from gitops_gen.model import Document, Finding, Rule
from gitops_gen.rule_registry import defined_in, rule_files

LayerCheck: TypeAlias = Callable[[Document], Iterable[Finding]]
AcrossCheck: TypeAlias = Callable[[Sequence[Document]], Iterable[Finding]]


def layer_checks() -> tuple[LayerCheck, ...]:
    return _functions("findings")


def across_checks() -> tuple[AcrossCheck, ...]:
    return _functions("across")


def applied_rules() -> frozenset[Rule]:
    return frozenset(rule for file in rule_files(__name__) for rule in defined_in(file))


def _functions(name: str) -> tuple[Any, ...]:
    """Returns the functions with this name that the files define."""
    files = rule_files(__name__)
    return tuple(getattr(file, name) for file in files if hasattr(file, name))
