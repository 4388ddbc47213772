"""The format for a terminal: one line per finding, then a summary."""

from __future__ import annotations

from collections import Counter

from gitops_gen.model import Checked, Severity
from gitops_gen.report import excused_summary, finding_line, not_applied_lines, object_lines


def findings(checked: Checked) -> str:
    lines = [finding_line(finding) for finding in checked.findings]
    excused = excused_summary(checked.excused)
    rest = [*([excused] if excused else []), *not_applied_lines(checked), *object_lines(checked)]
    return "\n".join([*lines, summary(checked), *rest]) + "\n"


def summary(checked: Checked) -> str:
    """Returns one line with the number of errors, warnings and notes of the environments."""
    lead = f"{', '.join(checked.environments)}: " if checked.environments else ""
    if not checked.findings:
        return f"{lead}{'no finding of the applied rules' if checked.not_applied else 'valid'}"
    numbers = Counter(finding.severity for finding in checked.findings)
    # Notes are rare, so the other numbers alone are printed without them.
    shown = [one for one in Severity if numbers[one] or one is not Severity.NOTE]
    return lead + ", ".join(_count(numbers[one], one) for one in shown)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
