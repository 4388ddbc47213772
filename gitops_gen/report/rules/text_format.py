"""For a person."""

from __future__ import annotations

from textwrap import fill

from gitops_gen.model import Rule

WIDTH = 80


def explanation(rule: Rule) -> str:
    excuse = "can be excused" if rule.excusable else "cannot be excused"
    lines = [f"{rule.id}: {rule.severity}, {excuse}", "", fill(f"{rule.title}.", WIDTH), ""]
    lines += [fill(f"Why: {rule.why}", WIDTH), "", fill(f"What to do: {rule.remedy}", WIDTH)]
    if rule.excusable:
        comment = f"# allow: {rule.id} REASON"
        lines += ["", f"To excuse it, end the line with '{comment}', or add an entry to ignore:"]
        lines += ["see docs/values.md, Excusing a finding."]
    return "\n".join(lines) + "\n"
