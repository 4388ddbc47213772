"""The format for programs, which gitops_gen/report/affected/affected.schema.json describes."""

from __future__ import annotations

import json
from pathlib import Path

from gitops_gen.affected import Affected
from gitops_gen.model import Values

SCHEMA = Path(__file__).with_name("affected.schema.json")


def full_report(affected: Affected) -> str:
    return json.dumps(document(affected), indent=2) + "\n"


def document(affected: Affected) -> Values:
    """The result as plain data."""
    return {
        "format": 1,
        "base": affected.base or None,
        "complete": not affected.unknown,
        "notes": [*affected.unknown, *affected.notes],
        "environments": [
            {
                "name": one.name,
                "new": one.is_new,
                "components": list(one.components),
                "reasons": list(one.reasons),
            }
            for one in affected.environments
        ],
        "removed": list(affected.removed),
    }
