"""The versions of upstream charts for programs.

{"charts": [{"addOn", "chart", "repository", "file", "line", "version", "appVersion", "sameMajor",
"newest", "major", "problem"}]}. `sameMajor` and `newest` are null if there is no newer version, and
otherwise {"version", "appVersion"}. `major` is whether the newest version has another major
version. `problem` is null, or the reason why the versions could not be read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from gitops_gen.charts.outdated import ChartVersions, NewerVersion
from gitops_gen.model import Values


def versions(charts: Sequence[ChartVersions]) -> str:
    return json.dumps({"charts": [_chart(one) for one in charts]}, indent=2) + "\n"


def _chart(one: ChartVersions) -> Values:
    return {
        "addOn": one.pin.section,
        "chart": one.pin.pin.chart,
        "repository": one.pin.pin.repository,
        "file": one.pin.position.file,
        "line": one.pin.position.line,
        "version": one.current,
        "appVersion": one.app_version or None,
        "sameMajor": _newer(one.same_major),
        "newest": _newer(one.latest),
        "major": one.is_major,
        "problem": one.problem or None,
    }


def _newer(found: NewerVersion | None) -> Values | None:
    return {"version": found.version, "appVersion": found.app_version or None} if found else None
