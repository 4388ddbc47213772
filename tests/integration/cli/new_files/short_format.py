"""A format in one file: it prints only the IDs of the rules."""

from __future__ import annotations

from gitops_gen.model import Checked


def findings(checked: Checked) -> str:
    return "".join(f"{finding.rule.id}\n" for finding in checked.findings)
