"""The findings as Markdown for a comment of a pull request, or for the summary of a job."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_gen.model import Checked, Severity
from gitops_gen.report import counted_objects, excused_summary
from gitops_gen.report.markdown import MARKER, code, folded, limited, prose
from gitops_gen.report.markdown_findings import finding_items
from gitops_gen.report.text_format import summary

_FOR_ERRORS = 40_000
_FOR_OTHERS = 12_000
_FOR_OBJECTS = 8_000
_LONGEST_SUMMARY = 2_000
_MOST_NAMES = 4


def findings(checked: Checked) -> str:
    """Returns a document that fits into one comment."""
    errors = list(finding_items(checked.errors))
    lines = [MARKER, "", *_verdict(checked), *limited(errors, _FOR_ERRORS, _more)]
    lines += [""] if errors else []
    return "\n".join([*lines, *other_findings(checked), *outcomes(checked)]) + "\n"


def _verdict(checked: Checked) -> list[str]:
    kind = "CAUTION" if checked.errors else "WARNING" if checked.findings else "TIP"
    return [f"> [!{kind}]", f"> {prose(summary(checked), _LONGEST_SUMMARY)}", ""]


def other_findings(checked: Checked, budget: int = _FOR_OTHERS) -> list[str]:
    """Returns the warnings and notes, folded."""
    minor = [one for one in checked.findings if one.severity is not Severity.ERROR]
    if not minor:
        return []
    items = limited(finding_items(minor), budget, _more)
    return folded(f"<b>Warnings and notes</b> of the check: {len(minor)}", items)


def outcomes(checked: Checked, budget: int = _FOR_OBJECTS) -> list[str]:
    """Returns how many rendered objects have which outcome, and what is excused, folded."""
    counts: dict[str, list[str]] = {}
    for name, text in counted_objects(checked):
        counts.setdefault(text, []).append(name)
    lines = [f"- {_listed(names)}: {prose(text)}" for text, names in counts.items()]
    lines += [f"- {text}: {_listed(names)}" for text, names in _unknown(checked).items()]
    notes = dict.fromkeys(note for counts in checked.objects for note in counts.notes)
    left_out = (f"not applied: {', '.join(checked.not_applied)}" if checked.not_applied else "",)
    texts = (*notes, excused_summary(checked.excused), *left_out)
    lines += [f"- Note: {prose(text)}" for text in texts if text]
    items = limited(lines, budget, _more_outcomes)
    return folded("<b>Checked objects</b>", items) if items else []


def _unknown(checked: Checked) -> dict[str, list[str]]:
    """Returns what was not checked, with the environments for which this is so."""
    found: dict[str, list[str]] = {}
    for counts in checked.objects:
        for one in (*counts.not_checked, *counts.not_determined):
            text = f"**Not checked**: {code(f'{one.count} {one.kind}')}: {prose(one.reason)}"
            found.setdefault(text, []).append(counts.environment)
    return found


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMES
    more = f" and {rest} more" if rest > 0 else ""
    return f"{', '.join(map(code, names[:_MOST_NAMES]))}{more}"


def _more(number: int) -> str:
    return f"- … and {number} more, which `--format text` shows"


def _more_outcomes(number: int) -> str:
    return f"- … and {number} more lines, which `--format text` shows"
