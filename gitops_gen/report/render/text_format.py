"""The summary of a render for a terminal: one line per environment, then names of objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.render import RenderOutcome
from gitops_gen.render.release_reports import ReleaseReport
from gitops_gen.render.write.request import Counted

NAMED_AT_MOST = 10
"""The most objects of an environment, and the most environments, that are listed by name."""
_STATES = ("missing", "stale", "obsolete")


def up_to_date_line(names: Sequence[str]) -> str:
    """Returns one line about all environments that did not change."""
    return f"{', '.join(_first(names))}: up to date"


def environment_lines(outcome: RenderOutcome, *, check: bool) -> Iterator[str]:
    """Yields the lines about an environment that changed or, with `check`, would change."""
    if check:
        yield from _stale_files(outcome)
        yield f"{outcome.name}: {_stale_summary(outcome)}"
        return
    yield f"{outcome.name}: {_summary(outcome)}"
    yield from (f"  {_chart(report)}" for report in outcome.releases)
    objects = outcome.object_changes.objects
    kinds = [("removed", name) for name in objects.removed]
    kinds += [("changed", name) for name in objects.changed]
    yield from (f"  {line}" for line in _first([f"{kind} {name}" for kind, name in kinds]))


def _summary(outcome: RenderOutcome) -> str:
    """Returns a text such as `objects: 1 changed, 40 in total; other files: 2 changed`."""
    lead = "its values file was deleted; " if outcome.gone else ""
    changes = outcome.object_changes
    parts = [
        f"{word}: {counts}"
        for word, counted in (("objects", changes.objects), ("other files", changes.other_files))
        if (counts := _counts(counted))
    ]
    return f"{lead}{'; '.join(parts) or 'unexpected files'}"


def _chart(report: ReleaseReport) -> str:
    """Returns a text such as `chart cert-manager v1.21.1: 40 objects, 6 CRDs; left out: 1 test`."""
    hooks = f" (of which {_number(report.hooks, 'hook')})" if report.hooks else ""
    written = [f"{_number(report.objects, 'object')}{hooks}"]
    written += [_number(report.crds, "CRD")] if report.crds else []
    left_out = [_number(report.tests, "test")] if report.tests else []
    if report.unsupported_hooks:
        left_out.append(f"{_number(report.unsupported_hooks, 'hook')} that Argo CD does not have")
    ending = f"; left out: {', '.join(left_out)}" if left_out else ""
    return f"chart {report.chart}: {', '.join(written)}{ending}"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _counts(counted: Counted) -> str:
    return ", ".join(f"{len(names)} {word}" for word, names in counted.kinds if names)


def _stale_files(outcome: RenderOutcome) -> Iterator[str]:
    changes = outcome.changes
    kinds = (changes.created, changes.changed, changes.removed) if changes else ()
    for state, paths in zip(_STATES, kinds, strict=False):
        yield from (f"{state}: {path}" for path in paths)


def _stale_summary(outcome: RenderOutcome) -> str:
    lead = "its values file was deleted, " if outcome.gone else ""
    total = "" if outcome.objects is None else f"{outcome.objects} objects; "
    changes = outcome.changes
    number = len((*changes.created, *changes.changed, *changes.removed)) if changes else 0
    if not number:
        return f"{total}unexpected files"
    files = "1 stale file" if number == 1 else f"{number} stale files"
    advice = f"run gitops-gen render {outcome.name} and add the files to the commit"
    return f"{total}{lead}{files}; {advice}"


def _first(texts: Sequence[str]) -> list[str]:
    """Returns the first texts, and a count of the others."""
    rest = len(texts) - NAMED_AT_MOST
    return [*texts[:NAMED_AT_MOST], *([f"… and {rest} more"] if rest > 0 else ())]
