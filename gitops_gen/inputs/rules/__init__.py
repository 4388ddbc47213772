"""Rules over files of values, whatever section a value is in: one file a subject, found in this
folder.

A file defines its rules and `findings(layer)`, or `across(layers)` for rules over several layers of
an environment, lowest first. A layer is checked as it was written: a value that a higher layer
replaces is in the repository all the same. It may still be invalid by the schema.
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
    """The functions of this name that the files define."""
    files = rule_files(__name__)
    return tuple(getattr(file, name) for file in files if hasattr(file, name))
