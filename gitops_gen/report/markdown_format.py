"""The findings as Markdown for a comment of a pull request, or for the summary of a job."""

from __future__ import annotations

from gitops_gen.model import Checked, Severity
from gitops_gen.report import excused_summary, object_lines
from gitops_gen.report.markdown import MARKER, folded, limited, prose
from gitops_gen.report.markdown_findings import finding_items
from gitops_gen.report.text_format import summary

_FOR_ERRORS = 40_000
_FOR_OTHERS = 12_000
_FOR_OBJECTS = 8_000
_LONGEST_SUMMARY = 2_000


def findings(checked: Checked) -> str:
    """Returns a document that fits into one comment."""
    errors = list(finding_items(checked.errors))
    lines = [MARKER, "", *_verdict(checked), *limited(errors, _FOR_ERRORS, _more)]
    lines += [""] if errors else []
    return "\n".join([*lines, *other_findings(checked), *outcomes(checked)]) + "\n"


def _verdict(checked: Checked) -> list[str]:
    kind = "CAUTION" if checked.errors else "WARNING" if checked.findings else "TIP"
    return [f"> [!{kind}]", f"> {prose(summary(checked), _LONGEST_SUMMARY)}", ""]


def other_findings(checked: Checked) -> list[str]:
    """Returns the warnings and notes, folded."""
    others = [one for one in checked.findings if one.severity is not Severity.ERROR]
    if not others:
        return []
    items = limited(finding_items(others), _FOR_OTHERS, _more)
    return folded(f"<b>Warnings and notes</b> of the check: {len(others)}", items)


def outcomes(checked: Checked) -> list[str]:
    """Returns how many rendered objects have which outcome, and what is excused, folded."""
    texts = [*object_lines(checked)]
    texts += [excused] if (excused := excused_summary(checked.excused)) else []
    items = limited((f"- Outcome: {prose(text)}" for text in texts), _FOR_OBJECTS, _more_outcomes)
    return folded("<b>Checked objects</b>", items) if items else []


def _more(number: int) -> str:
    return f"- … and {number} more, which `gitops-gen check` prints"


def _more_outcomes(number: int) -> str:
    return f"- … and {number} more lines, which `gitops-gen check` prints"
