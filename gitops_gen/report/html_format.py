"""One page that needs no other file: a table of what was found, and what is excused and why."""

from __future__ import annotations

from gitops_gen.model import Checked
from gitops_gen.report.templates import html
from gitops_gen.report.text_format import summary


def findings(checked: Checked) -> str:
    names = ", ".join(checked.environments)
    title = f"Findings of gitops-gen: {names}" if names else "Findings of gitops-gen"
    return html("html_format.j2", (summary,), title=title, checked=checked)
