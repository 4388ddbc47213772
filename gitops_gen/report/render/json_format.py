"""The result of a render for programs.

The document of the findings, with the key `render`: a list with one object per environment.
{"environment", "upToDate", "valuesDeleted", "rendered", "objects": {"new": [], "changed": [],
"removed": []}, "files": {"new": [], "changed": [], "removed": []}, "foreign": [], "removedData":
[], "charts": []}. `rendered` is the number of rendered objects, or null if the environment was not
rendered.
`files` has the paths of all files, including those of `objects`. `charts` has an entry for each
locked chart: how many of the objects that Helm printed were written, and how many were left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gitops_gen.model import Checked, Values
from gitops_gen.render import RenderOutcome
from gitops_gen.render.release_reports import ReleaseReport
from gitops_gen.report.json_format import document


def json_report(checked: Checked, outcomes: Sequence[RenderOutcome]) -> str:
    rendered = {"render": [_environment(outcome) for outcome in outcomes]}
    return json.dumps({**document(checked), **rendered}, indent=2) + "\n"


def _environment(outcome: RenderOutcome) -> Values:
    changes = outcome.changes
    files: dict[str, Any] = {"new": [], "changed": [], "removed": []}
    if changes:
        paths = (changes.created, changes.changed, changes.removed)
        files = dict(zip(files, map(list, paths), strict=True))
    return {
        "environment": outcome.name,
        "upToDate": not outcome.stale,
        "valuesDeleted": outcome.gone,
        "rendered": outcome.objects,
        "objects": {word: list(names) for word, names in outcome.object_changes.objects.kinds},
        "files": files,
        "foreign": list(changes.foreign) if changes else [],
        "removedData": list(outcome.removed_data),
        "charts": [_chart(report) for report in outcome.releases],
    }


def _chart(report: ReleaseReport) -> Values:
    return {
        "addon": report.component,
        "chart": report.chart,
        "objects": report.objects,
        "crds": report.crds,
        "hooks": report.hooks,
        "leftOut": {"tests": report.tests, "hooks": report.unsupported_hooks},
    }
