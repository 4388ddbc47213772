"""A self-contained HTML page: a table of the findings, and of the excused ones with reasons."""

from __future__ import annotations

from gitops_gen.model import Checked
from gitops_gen.report import object_lines
from gitops_gen.report.templates import html
from gitops_gen.report.text_format import summary


def findings(checked: Checked) -> str:
    names = ", ".join(checked.environments)
    title = f"Findings of gitops-gen: {names}" if names else "Findings of gitops-gen"
    functions = (summary, object_lines)
    return html("html_format.j2", functions, title=title, checked=checked)
