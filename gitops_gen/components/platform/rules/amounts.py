"""Rules for quotas and limit ranges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from gitops_gen.components import quantities
from gitops_gen.inputs.wording import show
from gitops_gen.model import Environment, Finding, Rule

NAME = "platform"
BOUNDS = ("min", "defaultRequest", "default", "max")
"""The limits of a LimitRange, which must not decrease in this order."""

LIMIT_RANGE = Rule(
    "platform-limit-range",
    title="The limits of a LimitRange are in order",
    why="The API server rejects a LimitRange unless min, defaultRequest, default and max are in "
    "ascending order.",
    remedy="Increase the limit that is too low, or decrease the other one.",
)
QUOTA = Rule(
    "platform-quota",
    title="Only amounts of CPU have the suffix m",
    why="The suffix `m` means one thousandth, so a memory quota with it would be almost zero.",
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
                    text = f"'{more}' is below {low} '{less}'; increase it or decrease {low}"
                    yield environment.finding(LIMIT_RANGE, path, text)


def _quotas(environment: Environment) -> Iterator[Finding]:
    for namespace, hard in environment.get(NAME, "quotas", default={}).items():
        for resource, amount in hard.items():
            if str(amount).endswith("m") and resource.rpartition(".")[2] != "cpu":
                text = f"{show(amount)} has the suffix m (a thousandth), which is for cpu; use Mi"
                path = (NAME, "quotas", namespace, resource)
                yield environment.finding(QUOTA, path, text)
