"""For a person: a line a finding, then a line of summary."""

from __future__ import annotations

from gitops_gen.model import Checked
from gitops_gen.report import excused_summary


def findings(checked: Checked) -> str:
    lines = [str(finding) for finding in checked.findings]
    excused = excused_summary(checked.excused)
    return "\n".join([*lines, summary(checked), *([excused] if excused else [])]) + "\n"


def summary(checked: Checked) -> str:
    """One line: how many errors and warnings the environments have."""
    lead = f"{', '.join(checked.environments)}: " if checked.environments else ""
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    if not checked.findings:
        return f"{lead}valid"
    return f"{lead}{_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
