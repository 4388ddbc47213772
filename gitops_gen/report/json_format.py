"""For programs: stable keys, one object a finding.

{"environments": ["dev"], "findings": [{"rule", "severity", "message", "file", "line", "column",
"object", "field", "related": [{"message", "file", "line", "column"}]}], "excused": […]}; lines
and columns count from 1, `object` and `field` may be null. What is excused has also a `reason`,
and in `excuse` the place where that is written.
"""

from __future__ import annotations

import json

from gitops_gen.model import Checked, Excused, Finding, Position, Values


def findings(checked: Checked) -> str:
    return json.dumps(document(checked), indent=2) + "\n"


def document(checked: Checked) -> Values:
    """What every JSON document of a command has."""
    return {
        "environments": list(checked.environments),
        "findings": [_finding(finding) for finding in checked.findings],
        "excused": [_excused(one) for one in checked.excused],
    }


def _finding(finding: Finding) -> Values:
    return {
        "rule": finding.rule.id,
        "severity": str(finding.severity),
        "message": finding.message,
        **_place(finding.position),
        "object": str(finding.object) if finding.object else None,
        "field": None if finding.field is None else str(finding.field),
        "related": [{"message": one.message, **_place(one.position)} for one in finding.related],
    }


def _excused(one: Excused) -> Values:
    excuse = {"reason": one.excuse.reason, "excuse": _place(one.excuse.position)}
    return {**_finding(one.finding), **excuse}


def _place(position: Position) -> Values:
    return {"file": position.file, "line": position.line, "column": position.column}
