"""Findings as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `findings(checked) -> str`. A format for terminals also defines
`coloured_findings(checked) -> str`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path

from gitops_gen.model import Checked, Excused, Finding, ObjectCounts, printable


def formats(folder: str = "") -> tuple[str, ...]:
    """Returns the names of all formats of findings, or of those that a subpackage defines."""
    names = (path.stem for path in Path(__file__).parent.joinpath(folder).glob("*_format.py"))
    return tuple(sorted(name.removesuffix("_format") for name in names))


def report(form: str, checked: Checked, *, colour: bool = False) -> str:
    """Returns the result of a check in one of the `formats`.

    `colour` has no effect on formats that are not for terminals.
    """
    module = import_module(f"gitops_gen.report.{form}_format")
    function = getattr(module, "coloured_findings", None) if colour else None
    text: str = (function or module.findings)(checked)
    return text


def finding_line(finding: Finding) -> str:
    """Returns a finding as one line: `file:line:column: message [rule]`."""
    return with_rule(str(finding), finding)


def with_rule(text: str, finding: Finding) -> str:
    """Returns the text of a finding, followed by the id of its rule."""
    return f"{text} [{finding.rule.id}]"


def excused_summary(excused: Iterable[Excused]) -> str:
    """Returns a line such as `2 findings are excused: image, plaintext-secret`.

    The line is empty if no finding is excused.
    """
    counts = Counter(item.finding.rule.id for item in excused)
    if not counts:
        return ""
    total = counts.total()
    rules = (
        f"{rule} ({number})" if number > 1 else rule for rule, number in sorted(counts.items())
    )
    lead = "1 finding is excused" if total == 1 else f"{total} findings are excused"
    return f"{lead}: {', '.join(rules)}"


def object_lines(checked: Checked) -> Iterator[str]:
    """Yields lines about the outcomes of the rendered objects, and about what is not known.

    The first one names the rules that the command line left out, if there are any.
    """
    if checked.not_applied:
        yield f"not applied, as requested: {', '.join(checked.not_applied)}"
    yield from map(printable, _object_lines(checked))


def counted_objects(checked: Checked) -> Iterator[tuple[str, str]]:
    """Yields each environment, and how many of its objects have which outcome."""
    hold = "hold the applied rules" if checked.not_applied else "hold"
    for counts in checked.objects:
        yield counts.environment, _outcomes(counts, hold)


def _object_lines(checked: Checked) -> Iterator[str]:
    for counts, (name, outcome) in zip(checked.objects, counted_objects(checked), strict=True):
        yield f"{name}: {outcome}"
        unknown = (*counts.not_checked, *counts.not_determined)
        for reason, parts in groupby(unknown, lambda part: part.reason):
            kinds = ", ".join(f"{part.count} {part.kind}" for part in parts)
            yield f"{counts.environment}: not checked: {kinds}: {reason}"
    notes = dict.fromkeys(note for counts in checked.objects for note in counts.notes)
    yield from (f"note: {text}" for text in notes)


def _outcomes(counts: ObjectCounts, hold: str) -> str:
    if counts.not_rendered:
        return f"no object is checked, because {counts.not_rendered}"
    outcomes = f"{counts.holds} {hold}, {counts.found} with findings, {counts.unjudged} not checked"
    return f"{counts.total} objects: {outcomes}"
