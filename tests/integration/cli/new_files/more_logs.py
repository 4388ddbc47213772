"""A class of changes that a test adds: more is written to the log."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference

MORE_LOGS = ChangeClass(
    "more-logs",
    rank=13,
    title="A program writes more to its log",
    certainty=Certainty.HEURISTIC,
    why="CloudWatch charges for each line.",
    remedy="Use the level info.",
)


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    del environment
    for difference in change.fields:
        if "LOG_LEVEL" in difference.label and difference.after == "debug":
            yield MORE_LOGS.consequence("every request is logged", difference)
