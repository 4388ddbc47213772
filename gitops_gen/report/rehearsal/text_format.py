"""The format for a terminal: the timeline, messages about objects with positions, a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.model import Position, printable_lines
from gitops_gen.rehearse.findings import DRIFT, ORDER, PREDICTION, RULE_OF, UNOWNED
from gitops_gen.rehearse.result import (
    Awaited,
    Drift,
    Mode,
    ObjectChange,
    Phase,
    PredictionCheck,
    Rehearsal,
    Remark,
    RemarkVerdict,
    SyncStep,
)
from gitops_gen.report.rehearsal.grouped_remarks import grouped

_LONGEST_MESSAGE = 160


def full_report(rehearsal: Rehearsal) -> str:
    lines = [
        f"{rehearsal.environment}: {rehearsal.revision}, {rehearsal.mode}{versions_text(rehearsal)}"
    ]
    for phase in rehearsal.phases:
        lines += ["", *_phase(phase)]
    if rehearsal.restored is not None:
        lines += ["", *_restored(rehearsal.restored)]
    lines += _section(
        "not rehearsed", (f"{item.name}: {item.reason}" for item in rehearsal.left_out)
    )
    lines += _section("simulated", rehearsal.standins)
    lines += _section("notes", rehearsal.notes)
    return printable_lines("\n".join([*lines, "", summary(rehearsal)])) + "\n"


def versions_text(rehearsal: Rehearsal) -> str:
    """Returns the versions of the programs as the end of a line."""
    versions = ", ".join(f"{name} {version}" for name, version in rehearsal.versions)
    return f", {versions}" if versions else ""


def summary(rehearsal: Rehearsal) -> str:
    """Returns one line with the number of accepted objects, or with the problems."""
    name, figures = rehearsal.environment, rehearsal.figures
    costs = f"{figures.total:.1f} s"
    if figures.memory:
        costs += f", {figures.memory / 2**20:.0f} MiB"
    problems = ", ".join(_counts(rehearsal))
    if not rehearsal.good:
        return f"{name}: {problems} ({costs})"
    not_checked = sum(remark.verdict is RemarkVerdict.NOT_CHECKED for remark in rehearsal.remarks)
    accepted = f"{rehearsal.sent_objects - not_checked} objects accepted"
    if rehearsal.argocd_objects:
        accepted += f" ({rehearsal.argocd_objects} of them from argocd/)"
    if rehearsal.mode is Mode.FULL:
        accepted += "; all Synced and Healthy, in order, no drift"
    return f"{name}: {accepted}{', ' + problems if problems else ''} ({costs})"


def _counts(rehearsal: Rehearsal) -> Iterator[str]:
    for verdict in RemarkVerdict:
        number = sum(remark.verdict is verdict for remark in rehearsal.remarks)
        if number:
            yield f"{number} {verdict}"
    phases = rehearsal.phases
    numbers = {
        "drifting": sum(len(phase.drift) for phase in phases),
        "out of order": sum(len(phase.order_violations) for phase in phases),
        "orphaned": sum(len(phase.orphans) for phase in phases),
        "not restored": len(rehearsal.restored or ()),
        "not as predicted": sum(
            len(phase.prediction.disagreements) for phase in phases if phase.prediction
        ),
    }
    yield from (f"{number} {problem}" for problem, number in numbers.items() if number)
    if not all(phase.settled for phase in phases):
        yield "not all Synced and Healthy"


def _phase(phase: Phase) -> Iterator[str]:
    yield f"{phase.name}: {phase.revision}, {ending(phase)}"
    yield from _timeline(phase.steps)
    yield from (f"  not ready: {item}" for item in awaited_without_step(phase))
    yield from (f"  {_change(change)}" for change in phase.changes)
    if changed_nothing(phase):
        yield "  nothing was created, changed or pruned"
    if phase.prediction is not None:
        yield from _prediction(phase.prediction)
    for remark in grouped(phase.remarks):
        yield from _remark(*remark)
    for drift in phase.drift:
        yield from _drift(drift)
    for violation in phase.order_violations:
        text = f"requires {violation.capability} of {violation.provider}: {violation.message}"
        subject = f"{_place(violation.values)}out of order: {violation.component}"
        yield f"{subject} {text} [{ORDER.id}]"
    yield from (f"orphaned: {identity} [{UNOWNED.id}]" for identity in phase.orphans)


def _prediction(check: PredictionCheck) -> Iterator[str]:
    yield f"  {prediction_text(check)}"
    for one in check.consequences:
        yield f"    {one.class_id}: {one.object}: {one.message}"
    for disagreement in check.disagreements:
        place = _place(disagreement.values)
        yield f"{place}differs from the prediction: {disagreement} [{PREDICTION.id}]"
        yield from (f"  in {file}" for file in [disagreement.file] if file)


def prediction_text(check: PredictionCheck) -> str:
    """Returns one line about the predictions that were right, wrong or not observed."""
    number = check.right
    noun = "prediction" if number == 1 else "predictions"
    parts = [f"{number} {noun} of refusals, deletions and restarts came true"]
    if check.disagreements:
        parts.append(f"{len(check.disagreements)} differ")
    if check.unknown:
        parts.append(f"{check.unknown} not observed, because a sync failed")
    return f"gitops-gen diff: {', '.join(parts)}"


def awaited_without_step(phase: Phase) -> Iterator[Awaited]:
    """Yields what is not ready and has no row in the timeline, such as a removed component."""
    rows = {step.component for step in phase.steps}
    yield from (item for item in phase.awaited if item.name not in rows)


def changed_nothing(phase: Phase) -> bool:
    """Returns whether a push or a revert changed nothing in the cluster."""
    return phase.name in ("push", "revert") and not phase.changes


def ending(phase: Phase) -> str:
    """Returns the duration of the phase, and whether all Applications became Synced and Healthy."""
    if not phase.steps:
        return f"{phase.seconds:.1f} s"
    state = "all Synced and Healthy" if phase.settled else "not all Synced and Healthy"
    return f"{state} after {phase.seconds:.1f} s"


def _timeline(steps: Iterable[SyncStep]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("wave", "component", "began", "synced", "healthy", "")]
    for step in steps:
        times = (_seconds(t) for t in (step.began, step.synced, step.healthy))
        rows.append((str(step.wave), step.component, *times, _state(step)))
    if len(rows) == 1:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = [row[0].rjust(widths[0]), row[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(row[2:5], widths[2:5], strict=True)]
        yield f"  {'  '.join([*cells, row[5]])}".rstrip()


def _state(step: SyncStep) -> str:
    if step.state == "Synced, Healthy":
        return ""
    # A row of the table has only one line; the whole message follows below the table.
    line = next(iter(step.message.splitlines()), "")
    short = line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
    return f"{step.state}: {short}" if short else step.state


def _seconds(time: float | None) -> str:
    return "-" if time is None else f"{time:.1f}"


def _change(change: ObjectChange) -> str:
    fields = f": {', '.join(map(str, change.fields))}" if change.fields else ""
    return f"{change.at:6.1f} s  {change.kind} {change.object}{fields}"


def _remark(remark: Remark, *same: Remark) -> Iterator[str]:
    first_line, *more_lines = remark.message.splitlines() or [""]
    more, rule = f" and {len(same)} more" if same else "", RULE_OF[remark.verdict]
    subject = f"{_place(remark.values)}{_verdict(remark)}: {remark.object}{more}"
    yield f"{subject}: {first_line} [{rule.id}]"
    yield from (f"  {line.strip()}" for line in more_lines)
    yield from (f"  in {one.file}" for one in (remark, *same) if one.file)


def _verdict(remark: Remark) -> str:
    join = "to" if remark.verdict is RemarkVerdict.UNHEALTHY else "by"
    return f"{remark.verdict} {join} {remark.by}"


def _drift(drift: Drift) -> Iterator[str]:
    subject = f"{_place(drift.values)}drifts: {drift.object} of {drift.component}"
    yield f"{subject}: {drift.reason} [{DRIFT.id}]"
    for field in drift.fields:
        git, cluster = value_text(field.wanted), value_text(field.live)
        yield f"  {field.path}: {git} in Git, {cluster} in the cluster"
    if drift.file:
        yield f"  in {drift.file}"


def value_text(text: str | None) -> str:
    return "nothing" if text is None else repr(text)


def _restored(missing: tuple[str, ...]) -> Iterator[str]:
    yield "the revert restored the base exactly" if not missing else "not restored:"
    yield from (f"  {line}" for line in missing)


def _place(position: Position | None) -> str:
    return f"{position}: " if position else ""


def _section(title: str, lines: Iterable[str]) -> list[str]:
    indented = [f"  {line}" for line in lines]
    return ["", f"{title}:", *indented] if indented else []
