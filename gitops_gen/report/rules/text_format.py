"""The format for a terminal."""

from __future__ import annotations

from textwrap import fill, indent

from gitops_gen.model import Rule

WIDTH = 80


def explanation(rule: Rule) -> str:
    excuse = "can be excused" if rule.excusable else "cannot be excused"
    lines = [f"{rule.id}: {rule.severity}, {excuse}", "", fill(f"{rule.title}.", WIDTH), ""]
    lines += [fill(f"Why: {rule.why}", WIDTH), "", fill(f"What to do: {rule.remedy}", WIDTH)]
    if rule.bad:
        lines += ["", "Reported:", "", indent(rule.bad, "    ")]
        lines += ["", "Not reported:", "", indent(rule.good, "    ")]
    if rule.excusable:
        comment = f"# allow: {rule.id} REASON"
        text = f"To excuse a finding about a value, end the line with '{comment}', or add an entry "
        text += "with its `path` to the key `ignore`. For an object that a chart renders, add an "
        text += 'entry with its `object`. See "Excusing a finding" in docs/values.md.'
        lines += ["", fill(text, WIDTH, break_on_hyphens=False)]
    return "\n".join(lines) + "\n"
