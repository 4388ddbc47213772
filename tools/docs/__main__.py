"""Writes the generated pages of docs/ and values/schema.json: `make docs`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gitops_gen.components import catalogue
from gitops_gen.inputs import schema_file
from gitops_gen.report.rules.page import page as rules_page
from gitops_gen.rule_registry import rules
from tools.docs import commands_page, diff_page, graph_page, values_page

ROOT = Path(__file__).parents[2]
FILES: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands_page.page,
    "docs/diff.md": diff_page.page,
    "docs/graph.md": graph_page.page,
    "docs/rules.md": lambda: rules_page(rules().values()),
    "docs/values-reference.md": values_page.page,
    "values/schema.json": lambda: schema_file(catalogue()).decode(),
}

if __name__ == "__main__":
    for name, content in FILES.items():
        (ROOT / name).write_text(content(), encoding="utf-8")
