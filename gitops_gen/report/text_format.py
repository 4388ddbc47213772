"""The format for a terminal: one line per finding, then a summary."""

from __future__ import annotations

from gitops_gen.model import Checked
from gitops_gen.report import excused_summary, finding_line, object_lines


def findings(checked: Checked) -> str:
    lines = [finding_line(finding) for finding in checked.findings]
    excused = excused_summary(checked.excused)
    rest = [*([excused] if excused else []), *object_lines(checked)]
    return "\n".join([*lines, summary(checked), *rest]) + "\n"


def summary(checked: Checked) -> str:
    """Returns one line with the number of errors and warnings of the environments."""
    lead = f"{', '.join(checked.environments)}: " if checked.environments else ""
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    if not checked.findings:
        return f"{lead}valid"
    return f"{lead}{_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
