"""Rules over the rendered objects of one environment. Each module of a group is one rule.

A group is a package of this folder. A module of a group defines `RULE`, a constant of the type
`model.Rule` with examples, and the function `problems(view)`, which yields `ObjectIssue` and
`Undetermined`. The modules are discovered: to add a rule, add a file. `checks.view` describes what
`view` offers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule
from gitops_gen.rule_registry import rule_files


@dataclass(frozen=True, slots=True)
class ObjectRule:
    group: str
    rule: Rule
    problems: Callable[[EnvironmentView], Iterator[ObjectIssue | Undetermined]]


@cache
def object_rules() -> tuple[ObjectRule, ...]:
    """Returns the rules of all groups."""
    return tuple(
        ObjectRule(group.__name__.rpartition(".")[2], module.RULE, module.problems)
        for group in rule_files(__name__)
        for module in rule_files(group.__name__)
    )


def excusable_object_rules() -> frozenset[Rule]:
    return frozenset(one.rule for one in object_rules() if one.rule.excusable)
