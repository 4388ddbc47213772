"""Quotas and limit ranges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from gitops_gen.components import quantities
from gitops_gen.inputs.wording import show
from gitops_gen.model import Environment, Finding, Rule

NAME = "platform"
BOUNDS = ("min", "defaultRequest", "default", "max")
"""Of a LimitRange, in the order in which they must not fall."""

LIMIT_RANGE = Rule(
    "platform-limit-range",
    title="The bounds of a limit range are in order",
    why="The API server refuses a LimitRange unless min, defaultRequest, default and max rise in "
    "this order.",
    remedy="Raise the bound that is too low, or lower the other one.",
)
QUOTA = Rule(
    "platform-quota",
    title="Only amounts of CPU are in thousandths",
    why="The suffix `m` means a thousandth, so that a quota of memory with it admits next to "
    "nothing.",
    remedy="Write `Mi` or `Gi` for memory and storage, and a plain number for a count.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME):
        yield from _limit_ranges(environment)
        yield from _quotas(environment)


def _limit_ranges(environment: Environment) -> Iterator[Finding]:
    for namespace, ranges in environment.get(NAME, "limitRanges", default={}).items():
        for low, high in combinations([bound for bound in BOUNDS if bound in ranges], 2):
            for resource in sorted(ranges[low].keys() & ranges[high].keys()):
                less, more = ranges[low][resource], ranges[high][resource]
                if quantities.value(more) < quantities.value(less):
                    path = (NAME, "limitRanges", namespace, high, resource)
                    text = f"'{more}' is below {low} '{less}'; raise it or lower {low}"
                    yield environment.finding(LIMIT_RANGE, path, text)


def _quotas(environment: Environment) -> Iterator[Finding]:
    for namespace, hard in environment.get(NAME, "quotas", default={}).items():
        for resource, amount in hard.items():
            if str(amount).endswith("m") and resource.rpartition(".")[2] != "cpu":
                text = f"{show(amount)} is in thousandths, which only cpu has; write Mi perhaps"
                path = (NAME, "quotas", namespace, resource)
                yield environment.finding(QUOTA, path, text)
