"""For a person: a line a finding, then a line of summary."""

from __future__ import annotations

from gitops_gen.model import Checked
from gitops_gen.report import excused_summary


def findings(checked: Checked) -> str:
    lines = [str(finding) for finding in checked.findings]
    excused = excused_summary(checked.excused)
    return "\n".join([*lines, _summary(checked), *([excused] if excused else [])]) + "\n"


def _summary(checked: Checked) -> str:
    names = ", ".join(checked.environments) or "nothing"
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    if not checked.findings:
        return f"{names}: valid"
    return f"{names}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
