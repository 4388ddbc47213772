"""One page that stands alone: the timeline as bars, then all that was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from gitops_gen.model import Position
from gitops_gen.rehearse.result import (
    Drift,
    ObjectChange,
    OrderViolation,
    Phase,
    Rehearsal,
    Remark,
    SyncStep,
)
from gitops_gen.report.rehearsal.folded import folded
from gitops_gen.report.rehearsal.text_format import ended, said_by, summary, unchanged, without_row

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #8884; padding: .25rem .5rem; text-align: left;
  vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
td.bars { width: 45%; position: relative }
.bar { position: absolute; top: .5rem; height: 1rem; border-radius: 3px; min-width: 2px }
.syncing { background: #4a7bd0 } .waiting { background: #9fc089 }
.good { color: #2c7a2c } .bad, .refused, .unhealthy { color: #b3261e } .warned { color: #9a6700 }
pre { white-space: pre-wrap; margin: .25rem 0 } code { font-size: .9em }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #ddd } }
"""


def told(rehearsal: Rehearsal) -> str:
    title = escape(f"Rehearsal of {rehearsal.environment}: {rehearsal.revision}")
    how = escape(f"{rehearsal.mode}{said_by(rehearsal)}")
    grade = "good" if rehearsal.good else "bad"
    parts = [f"<h1>{title}</h1>", f'<p class="{grade}"><b>{escape(summary(rehearsal))}</b></p>']
    parts.append(f"<p>{how}</p>")
    for phase in rehearsal.phases:
        parts += _phase(phase)
    if rehearsal.restored is not None:
        parts += _list("After the revert", rehearsal.restored or ("exactly as the base was",))
    parts += _list("Not rehearsed", (f"{i.what}: {i.why}" for i in rehearsal.left_out))
    parts += _list("Stand-ins", rehearsal.standins)
    parts += _list("Notes", rehearsal.notes)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _phase(phase: Phase) -> Iterator[str]:
    yield f"<h2>{escape(phase.name)}: {escape(phase.revision)}</h2>"
    yield f"<p>{ended(phase)}</p>"
    if phase.steps:
        yield from _timeline(phase.steps, phase.seconds)
    yield from _list("Still awaited", map(str, without_row(phase)))
    yield from _table("Changes", (_change(change) for change in phase.changes))
    if unchanged(phase):
        yield "<p>Nothing was created, changed or pruned.</p>"
    yield from _table("What was said", (_remark(*group) for group in folded(phase.remarks)))
    yield from _table("Drift", (_drift(drift) for drift in phase.drift))
    yield from _table("Out of order", (_edge(edge) for edge in phase.edges))
    yield from _list("Owned by nothing", (str(identity) for identity in phase.orphans))


_COLUMNS = ("wave", "component", "", "began", "synced", "healthy", "state")


def _timeline(steps: Iterable[SyncStep], seconds: float) -> Iterator[str]:
    titles = "".join(f"<th>{t}</th>" for t in _COLUMNS)
    yield f"<table><tr>{titles}</tr>"
    for step in steps:
        times = (step.began, step.synced, step.healthy)
        seconds_of = ("-" if time is None else f"{time:.1f}" for time in times)
        state = escape(f"{step.state} {step.message}".strip())
        cells = f'<td class="number">{step.wave}</td><td>{escape(step.component)}</td>'
        cells += f'<td class="bars">{_bars(step, seconds)}</td>'
        cells += "".join(f'<td class="number">{text}</td>' for text in seconds_of)
        yield f"<tr>{cells}<td>{state}</td></tr>"
    yield "</table>"


def _bars(step: SyncStep, seconds: float) -> str:
    """From its begin to Synced, and from there to Healthy."""
    if step.began is None:
        return ""
    synced = step.synced if step.synced is not None else seconds
    healthy = step.healthy if step.healthy is not None else seconds
    first = _bar("syncing", step.began, synced, seconds)
    return first + (_bar("waiting", synced, healthy, seconds) if healthy > synced else "")


def _bar(kind: str, begin: float, end: float, seconds: float) -> str:
    left, width = 100 * begin / (seconds or 1), 100 * (end - begin) / (seconds or 1)
    return f'<span class="bar {kind}" style="left:{left:.1f}%;width:{width:.1f}%"></span>'


def _change(change: ObjectChange) -> str:
    fields = ", ".join(map(str, change.fields))
    time = f'<td class="number">{change.at:.1f} s</td>'
    cells = (change.kind, str(change.object), fields)
    return time + "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _remark(remark: Remark, *same: Remark) -> str:
    said = f'<td class="{remark.verdict.replace(" ", "-")}">{remark.verdict}<br>{remark.by}</td>'
    place = _place(remark.values, remark.file)
    text = f"<td><pre>{escape(remark.message)}</pre></td>"
    others = "".join(f"<br>{escape(str(one.object))}{_place(None, one.file)}" for one in same)
    return f"{said}<td>{escape(str(remark.object))}{place}{others}</td>{text}"


def _drift(drift: Drift) -> str:
    fields = (f"{f.path}: Git {f.wanted!r}, cluster {f.live!r}" for f in drift.fields)
    text = "\n".join((drift.reason, *fields))
    place = _place(drift.values, drift.file)
    return f"<td>{escape(str(drift.object))}{place}</td><td><pre>{escape(text)}</pre></td>"


def _edge(edge: OrderViolation) -> str:
    needs = escape(f"needs {edge.needs} of {edge.provider}: {edge.message}")
    return f"<td>{escape(edge.component)}{_place(edge.values, None)}</td><td>{needs}</td>"


def _place(values: Position | None, file: str | None) -> str:
    places = [str(values)] if values else []
    places += [file] if file else []
    return "".join(f"<br><code>{escape(place)}</code>" for place in places)


def _table(title: str, rows: Iterable[str]) -> list[str]:
    found = [f"<tr>{row}</tr>" for row in rows]
    return [f"<h3>{title}</h3><table>", *found, "</table>"] if found else []


def _list(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"<li>{escape(line)}</li>" for line in lines]
    return [f"<h3>{title}</h3><ul>", *found, "</ul>"] if found else []
