"""docs/rules.md: `python -m gitops_gen.report.rules.page > docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from gitops_gen.model import Rule
from gitops_gen.report.templates import markdown
from gitops_gen.rule_registry import rules


def page(listed: Iterable[Rule]) -> str:
    """The page of these rules, in their order."""
    return markdown("rules/page.j2", rules=listed)


if __name__ == "__main__":
    sys.stdout.write(page(rules().values()))
