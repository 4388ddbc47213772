"""docs/rules.md: `python -m gitops_gen.report.rules.page > docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from gitops_gen.model import Rule
from gitops_gen.rule_registry import rules

HEAD = """\
# Rules

Every finding of gitops-gen belongs to one of these rules; the formats `json` and `github` name it,
and `gitops-gen explain RULE` prints its entry. An error ends a command, a warning does not. How a
finding is excused: [values.md](values.md#excusing-a-finding).

This page is generated from the rules themselves: do not edit it.
"""


def page(listed: Iterable[Rule]) -> str:
    return HEAD + "".join(f"\n{_entry(rule)}" for rule in listed)


def _entry(rule: Rule) -> str:
    excuse = "can be excused" if rule.excusable else "cannot be excused"
    return (
        f"## {rule.id}\n{rule.title}. ({rule.severity}, {excuse})\n\n"
        f"- Why: {rule.why}\n- What to do: {rule.remedy}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(page(rules().values()))
