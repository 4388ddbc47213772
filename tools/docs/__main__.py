"""Writes the generated pages of docs/: `make docs`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gitops_gen.report.rules.page import page as rules_page
from gitops_gen.rule_registry import rules
from tools.docs import commands_page, diff_page, values_page

DOCS = Path(__file__).parents[2] / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page.page,
    "diff.md": diff_page.page,
    "rules.md": lambda: rules_page(rules().values()),
    "values-reference.md": values_page.page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
