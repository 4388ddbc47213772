"""Runs two commands alternately, and compares each pair, because ratios are stable over time."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians in seconds. `ratio` is the median ratio of gitops-gen to the other command."""

    ours: float
    theirs: float
    ratio: float


def compare(
    ours: Run, theirs: Run, *, runs: int, before: Run = lambda: None, allowance: Run | None = None
) -> Compared:
    """Measures both commands. `before` runs before each run of gitops-gen and is not measured; the
    time of `allowance` is subtracted from the time of gitops-gen."""
    pairs = []
    for _ in range(runs):
        before()
        seconds = _seconds(ours) - (_seconds(allowance) if allowance else 0.0)
        pairs.append((seconds, _seconds(theirs)))
    return Compared(
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def median_seconds(run: Run, runs: int) -> float:
    return statistics.median(_seconds(run) for _ in range(runs))


def processor_seconds(run: Run) -> float:
    """The time that the processors spend on the processes of one run, in user and system mode.

    It hardly depends on what else the machine does.
    """
    before = _of_children()
    run()
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def command(*words: str, folder: str | os.PathLike[str] = ".") -> Run:
    """The duration of a process. Its output is discarded, and a failure ends the benchmark."""

    def run() -> None:
        subprocess.run(list(words), cwd=folder, check=True, stdout=subprocess.DEVNULL)

    return run


def in_turn(commands: Sequence[Run]) -> Run:
    def run() -> None:
        for each in commands:
            each()

    return run
