"""Selects experiments with one leaf each, so that together they cost at most the budget.

If the candidates are too many, groups of them are changed together first, and only the leaves of
groups with an effect are then changed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from gitops_gen.errors import InvalidInput
from gitops_gen.provenance.comparison import Difference
from gitops_gen.provenance.experiments import Experiment, ExperimentRunner, OutputPart
from gitops_gen.provenance.leaves import Leaf

MOST_RENDERS = 39.0
"""The renders of the umbrella that one question about a field may cost, without the base."""
NOT_EXAMINED = "was not examined, because too many values can reach the field"

IsAffected = Callable[[Iterable[Difference]], bool]


@dataclass(frozen=True, slots=True)
class Selection:
    """The experiments to evaluate. `cleared` are leaves that were proven to have no effect."""

    tests: Sequence[Experiment]
    cleared: frozenset[Leaf] = frozenset()


def selected(
    runner: ExperimentRunner,
    candidates: Sequence[Leaf],
    target: OutputPart,
    is_affected: IsAffected,
) -> Selection:
    """Two experiments for each candidate if the budget allows it, or one, or groups."""
    twice = [runner.experiments(leaf, 2) for leaf in candidates]
    both = [test for tests in twice for test in tests]
    firsts = [tests[0] for tests in twice if tests]
    for tests in (both, firsts):
        if runner.price(tests, target.part) <= MOST_RENDERS:
            return Selection(tests)
    return _after_groups(runner, firsts, target, is_affected)


def _after_groups(
    runner: ExperimentRunner,
    firsts: Sequence[Experiment],
    target: OutputPart,
    is_affected: IsAffected,
) -> Selection:
    before = runner.cost.renders
    groups = _groups(runner, firsts, target.part)
    results = runner.effects(groups, [target.part])
    innocent = {
        leaf
        for group, result in zip(groups, results, strict=True)
        if not isinstance(result, InvalidInput) and not is_affected(result)
        for leaf in group.changes
    }
    suspected = [test for test in firsts if innocent.isdisjoint(test.changes)]
    left = MOST_RENDERS - (runner.cost.renders - before)
    tests = _affordable(runner, suspected, target.part, left)
    for test in suspected[len(tests) :]:
        for leaf in test.changes:
            runner.refused.setdefault(leaf, NOT_EXAMINED)
    return Selection(tests, frozenset(innocent))


def _groups(
    runner: ExperimentRunner, firsts: Sequence[Experiment], part: str
) -> Sequence[Experiment]:
    """Experiments that change several leaves, for half of the budget."""
    highest = max(runner.price([test], part) for test in firsts)
    count = int(MOST_RENDERS / 2 / max(highest, 1 / len(firsts)))
    size = ceil(len(firsts) / max(1, count))
    starts = range(0, len(firsts), size)
    joined = (runner.joint(firsts[start : start + size]) for start in starts)
    found = [test for tests in joined for test in tests]
    return _affordable(runner, found, part, MOST_RENDERS / 2)


def _affordable(
    runner: ExperimentRunner, tests: Sequence[Experiment], part: str, budget: float
) -> Sequence[Experiment]:
    """As many of the experiments as the budget allows, in their order."""
    for number, test in enumerate(tests):
        budget -= runner.price([test], part)
        if budget < 0:
            return tests[:number]
    return tests
