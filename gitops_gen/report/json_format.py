"""For programs: stable keys, one object a finding.

{"environments": ["dev"], "findings": [{"rule", "severity", "message", "file", "line",
"column", "object"}]}; lines and columns count from 1, `object` may be null.
"""

from __future__ import annotations

import json

from gitops_gen.model import Checked, Finding, Values


def findings(checked: Checked) -> str:
    whole = {
        "environments": list(checked.environments),
        "findings": [_finding(finding) for finding in checked.findings],
    }
    return json.dumps(whole, indent=2) + "\n"


def _finding(finding: Finding) -> Values:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": finding.position.file,
        "line": finding.position.line,
        "column": finding.position.column,
        "object": finding.object,
    }
