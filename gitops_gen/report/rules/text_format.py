"""The format for a terminal."""

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
        lines += ["", f"To excuse a finding, end the line with '{comment}', or add an entry to the"]
        lines += ["key 'ignore' (see \"Excusing a finding\" in docs/values.md)."]
    return "\n".join(lines) + "\n"
