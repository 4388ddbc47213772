"""The format for programs: a document with stable keys and one JSON object per finding.

{"environments": ["dev"], "findings": [{"rule", "severity", "message", "file", "line", "column",
"object", "field", "related": [{"message", "file", "line", "column"}]}], "excused": […],
"notApplied": [], "objects": [{"environment", "holds", "found",
"notChecked": [{"kind", "count", "reason"}], "notDetermined": [{"kind", "count", "reason"}],
"notRendered", "notes": []}]}

Lines and columns count from 1; `object` and `field` may be null. An excused finding also has a
`reason`, and in `excuse` the position where the reason is written. `notApplied` lists the groups of
rules and the rules that the command line left out. `objects` counts the outcomes of
the rendered objects, and is empty for commands that do not judge them. `notDetermined` counts what
the rules could not determine, such as whether a Secret exists in the cluster. `notRendered` is
null, or why an environment has no objects.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from gitops_gen.model import Checked, Excused, Finding, ObjectCounts, Position, Values


def findings(checked: Checked) -> str:
    return json.dumps(document(checked), indent=2) + "\n"


def document(checked: Checked) -> Values:
    """Returns the keys that every JSON document of a command has."""
    return {
        "environments": list(checked.environments),
        "findings": [_finding(finding) for finding in checked.findings],
        "excused": [_excused(item) for item in checked.excused],
        "notApplied": list(checked.not_applied),
        "objects": [_counts(counts) for counts in checked.objects],
    }


def _counts(counts: ObjectCounts) -> Values:
    return {
        "environment": counts.environment,
        "holds": counts.holds,
        "found": counts.found,
        "notChecked": [asdict(part) for part in counts.not_checked],
        "notDetermined": [asdict(part) for part in counts.not_determined],
        "notRendered": counts.not_rendered or None,
        "notes": list(counts.notes),
    }


def _finding(finding: Finding) -> Values:
    return {
        "rule": finding.rule.id,
        "severity": str(finding.severity),
        "message": finding.message,
        **_place(finding.position),
        "object": str(finding.object) if finding.object else None,
        "field": None if finding.field is None else str(finding.field),
        "related": [{"message": item.message, **_place(item.position)} for item in finding.related],
    }


def _excused(item: Excused) -> Values:
    excuse = {"reason": item.excuse.reason, "excuse": _place(item.excuse.position)}
    return {**_finding(item.finding), **excuse}


def _place(position: Position) -> Values:
    return {"file": position.file, "line": position.line, "column": position.column}
