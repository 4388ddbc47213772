"""docs/diff.md: the command `diff` and the classes of changes."""

from __future__ import annotations

from gitops_gen.changes.classes import change_classes
from gitops_gen.report.changes.page_data import MOST_FIELDS
from gitops_gen.report.changes.value_rows import MOST_ROWS
from gitops_gen.revisions.merge_base import DEFAULT_BRANCHES
from tools.docs.templates import rendered


def page() -> str:
    """The whole page."""
    branches = ", ".join(f"`{name}`" for name in DEFAULT_BRANCHES)
    classes = change_classes()
    expected = ", ".join(f"`{one.id}`" for one in classes if not one.is_danger)
    most = {"most_fields": MOST_FIELDS, "most_rows": MOST_ROWS}
    return rendered("diff.md.j2", classes=classes, branches=branches, expected=expected, **most)
