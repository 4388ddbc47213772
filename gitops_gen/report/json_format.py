"""The format for programs: a document with stable keys and one JSON object per finding.

The file `findings.schema.json` is its JSON Schema. The key `format` is the version of the format.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from gitops_gen.model import Checked, Excused, Finding, ObjectCounts, Position, Values

SCHEMA = Path(__file__).with_name("findings.schema.json")


def findings(checked: Checked) -> str:
    return json.dumps(document(checked), indent=2) + "\n"


def document(checked: Checked) -> Values:
    """Returns the keys that every JSON document of a command has."""
    return {
        "format": 1,
        "environments": list(checked.environments),
        "findings": [finding_object(finding) for finding in checked.findings],
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


def finding_object(finding: Finding) -> Values:
    """Returns a finding as every JSON document of a command contains it."""
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
    return {**finding_object(item.finding), **excuse}


def _place(position: Position) -> Values:
    return {"file": position.file, "line": position.line, "column": position.column}
