"""A self-contained HTML page: the timeline as bars, then all messages about objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.rehearse.result import Rehearsal, SyncStep
from gitops_gen.report.rehearsal.grouped_remarks import grouped
from gitops_gen.report.rehearsal.text_format import (
    awaited_without_step,
    changed_nothing,
    ending,
    prediction_text,
    summary,
    value_text,
    versions_text,
)
from gitops_gen.report.templates import html


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """A part of a timeline row; `left` and `width` are percentages of the width of the row."""

    kind: str
    left: float
    width: float


def bars(step: SyncStep, seconds: float) -> Iterator[TimelineBar]:
    """Yields a bar from the beginning of a step to Synced, and one from Synced to Healthy."""
    if step.began is None:
        return
    synced = step.synced if step.synced is not None else seconds
    healthy = step.healthy if step.healthy is not None else seconds
    yield _bar("syncing", step.began, synced, seconds)
    if healthy > synced:
        yield _bar("waiting", synced, healthy, seconds)


def _bar(kind: str, begin: float, end: float, seconds: float) -> TimelineBar:
    percent = 100 / (seconds or 1)
    return TimelineBar(kind, begin * percent, (end - begin) * percent)


_FUNCTIONS = (
    *(awaited_without_step, bars, changed_nothing, ending),
    *(grouped, prediction_text, summary, value_text, versions_text),
)


def full_report(rehearsal: Rehearsal) -> str:
    title = f"Rehearsal of {rehearsal.environment}: {rehearsal.revision}"
    return html("rehearsal/html_format.j2", _FUNCTIONS, title=title, rehearsal=rehearsal)
