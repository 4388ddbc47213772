"""Measures fleets in groups of 50 environments, of two sizes, and what 10,000 would cost.

A time is that of the process and its children on the processors, because the duration depends on
what else the machine does. It is compared with `git status` or with plain Helm, in turn.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.repositories import commit, fleet
from gitops_gen.helm import executable

SIZES = (250, 1000)
LARGEST = 10_000
MEMBERS = 50
GITOPS_GEN = (sys.executable, "-m", "gitops_gen")
STATUS = ("git", "status", "--short")
PAIRS = 5
Show = Callable[[str, float, float, float, str], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """The CPU seconds of a command, and the peak of its memory in MiB."""

    seconds: float
    memory: float


def fleets(scratch: Path, show: Show) -> None:
    """Measures both sizes, and prints the costs that the slope between them predicts."""
    costs = [_measured(scratch / f"fleet-{size}", size, show) for size in SIZES]
    print(f"{LARGEST} environments, computed from the slope:")
    for what, large in costs[1].items():
        small = costs[0][what]
        slope = (large.seconds - small.seconds) / (SIZES[1] - SIZES[0])
        growth = (large.memory - small.memory) / (SIZES[1] - SIZES[0])
        seconds = large.seconds + slope * (LARGEST - SIZES[1])
        memory = large.memory + growth * (LARGEST - SIZES[1])
        print(f"  {what}: {seconds:.1f} s of CPU, {memory:.0f} MiB")


def _measured(folder: Path, size: int, show: Show) -> dict[str, Cost]:
    names = fleet(folder, size, MEMBERS)
    costs = {"first render": _cost(folder, *GITOPS_GEN, "render")}
    commit(folder)
    _cost(folder, *GITOPS_GEN, "render")
    for what in ("no-op", "affected", "list"):
        words = ("render",) if what == "no-op" else (what,)
        costs[what] = _beside_status(f"{size}: {what} / git status", folder, words, show)
    costs["one changed"] = _changed(folder, f"values/{names[size // 2]}.yaml", "maxReplicas: 1")
    extra = costs["one changed"].seconds - costs["no-op"].seconds
    print(f"{size}: one changed: {extra:+.2f} s over the no-op; bound 0.3")
    costs["a group of 50 changed"] = _changed(folder, "values/groups/g01.yaml", "MODE: '")
    helm = _helm(folder, names[MEMBERS : 2 * MEMBERS])
    ours = costs["a group of 50 changed"].seconds
    show(f"{size}: a group of 50 / plain helm", ours, helm, ours / helm, "0.6")
    for what, cost in costs.items():
        print(f"  {size}: {what}: {cost.seconds:.2f} s of CPU, {cost.memory:.0f} MiB")
    return costs


def _beside_status(title: str, folder: Path, words: tuple[str, ...], show: Show) -> Cost:
    pairs = [
        (_cost(folder, *GITOPS_GEN, *words), _cost(folder, *STATUS).seconds) for _ in range(PAIRS)
    ]
    ours = statistics.median(cost.seconds for cost, _ in pairs)
    ratio = statistics.median(cost.seconds / theirs for cost, theirs in pairs)
    bound = "1.2" if "no-op" in title else ""
    show(title, ours, statistics.median(theirs for _, theirs in pairs), ratio, bound)
    return Cost(ours, max(cost.memory for cost, _ in pairs))


def _changed(folder: Path, path: str, place: str) -> Cost:
    """The median of renders after a change of one file, each with another value."""
    costs = []
    for number in range(3):
        file = folder / path
        before, _, after = file.read_text().partition(place)
        file.write_text(f"{before}{place}{number + 2}{after[1:]}")
        costs.append(_cost(folder, *GITOPS_GEN, "render"))
    return sorted(costs, key=lambda cost: cost.seconds)[1]


def _helm(folder: Path, names: tuple[str, ...]) -> float:
    """The CPU seconds of one `helm template` for each environment."""
    program = executable(print).path
    return sum(
        _cost(folder, program, "template", "platform", f"rendered/{name}/umbrella").seconds
        for name in names
    )


# The peak of the memory is known only for the largest child of a process, so each command is
# started by a process of its own.
_STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _cost(folder: Path, *words: str) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    starter = [sys.executable, "-S", "-c", _STARTER, *words]
    done = subprocess.run(starter, cwd=folder, check=True, stdout=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, int(done.stdout) / 1024)
