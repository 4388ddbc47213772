"""The format for a terminal: the findings, grouped by file, then a summary.

Each finding is one line, which begins with the line of the values. Lines below it name what is
related to it, unless its message does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from gitops_gen.model import Checked, Finding, Severity, printable
from gitops_gen.report import excused_summary, finding_line, object_lines

Paint: TypeAlias = Callable[[str, str], str]
"""Returns a text in the colours of a code of ANSI terminals."""

_COLOURS = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_FAINT = "2"
_GOOD = "32"
_ALWAYS_COUNTED = (Severity.ERROR, Severity.WARNING)


def findings(checked: Checked) -> str:
    return _text(checked, _plain)


def coloured_findings(checked: Checked) -> str:
    return _text(checked, _painted)


def summary(checked: Checked) -> str:
    """Returns one line with the number of errors, warnings and notes of the environments."""
    lead = f"{', '.join(checked.environments)}: " if checked.environments else ""
    valid = "no finding of the applied rules" if checked.not_applied else "valid"
    return f"{lead}{_counts(checked.findings) or valid}"


def _text(checked: Checked, paint: Paint) -> str:
    groups = list(_groups(checked.findings, paint))
    end = paint(summary(checked), _summary_colour(checked))
    excused = excused_summary(checked.excused)
    rest = [end, *([excused] if excused else []), *object_lines(checked)]
    # The summary of one group is directly below it.
    separator = "\n\n" if len(groups) > 1 else "\n"
    return separator.join([*groups, "\n".join(rest)]) + "\n"


def _groups(found: Iterable[Finding], paint: Paint) -> Iterator[str]:
    """Yields the lines of each file, in the order of the first findings."""
    groups: dict[str, list[str]] = {}
    for finding in found:
        groups.setdefault(finding.position.file, []).extend(_lines(finding, paint))
    yield from ("\n".join(lines) for lines in groups.values())


def _lines(finding: Finding, paint: Paint) -> Iterator[str]:
    line, place = finding_line(finding), printable(str(finding.position))
    message, rule = line.removeprefix(place), f"[{finding.rule.id}]"
    if message == line:
        yield line
    else:
        start = paint(place, _COLOURS[finding.severity])
        yield f"{start}{message.removesuffix(rule)}{paint(rule, _FAINT)}"
    for item in finding.related:
        if item.position.file not in finding.message:
            yield paint(printable(f"  {item.position}: {item.message}"), _FAINT)


def _counts(found: Iterable[Finding]) -> str:
    """Returns a text such as `1 error, 2 warnings`, which is empty if there is no finding."""
    numbers = Counter(finding.severity for finding in found)
    counted = [one for one in Severity if numbers[one] or (numbers and one in _ALWAYS_COUNTED)]
    return ", ".join(_count(numbers[one], str(one)) for one in counted)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _summary_colour(checked: Checked) -> str:
    found = {finding.severity for finding in checked.findings}
    return next((_COLOURS[one] for one in Severity if one in found), _GOOD)


def _plain(text: str, _: str) -> str:
    return text


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
