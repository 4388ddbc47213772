"""One page that needs no other file: the timeline as bars, then all that was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitops_gen.model import printable_lines
from gitops_gen.rehearse.result import Rehearsal, SyncStep
from gitops_gen.report.rehearsal.folded import folded
from gitops_gen.report.rehearsal.text_format import (
    ended,
    said_by,
    summary,
    unchanged,
    value_text,
    without_row,
)

_FUNCTIONS = (ended, folded, said_by, summary, unchanged, value_text, without_row)


def told(rehearsal: Rehearsal) -> str:
    # Imported only here: no other format needs it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.globals.update({function.__name__: function for function in _FUNCTIONS})
    return templates.get_template("html_format.j2").render(rehearsal=rehearsal, bars=bars)


def _printable(value: Any) -> Any:
    """No character that a browser obeys, such as one that turns the direction of a text."""
    if hasattr(value, "__html__"):
        return value  # what a macro of the template returns
    return printable_lines(str(value))


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """A part of a row of the timeline, in percent of its width."""

    kind: str
    left: float
    width: float


def bars(step: SyncStep, seconds: float) -> Iterator[TimelineBar]:
    """From its begin to Synced, and from there to Healthy."""
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
