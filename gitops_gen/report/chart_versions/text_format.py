"""The versions of upstream charts as a table."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_gen.charts.outdated import ChartVersions, NewerVersion
from gitops_gen.model import printable

_HEADER = ("ADD-ON", "CHART", "VERSION", "SAME MAJOR", "NEWEST", "APPLICATION")


def versions(charts: Sequence[ChartVersions]) -> str:
    """Returns one line for each chart."""
    if not charts:
        return "no environment uses an upstream chart\n"
    rows = [_HEADER, *map(_row, charts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _row(chart: ChartVersions) -> tuple[str, ...]:
    major = " (major)" if chart.is_major else ""
    newest = f"{_version(chart.latest)}{major}"
    cells = (chart.pin.section, chart.pin.pin.chart, chart.current, _version(chart.same_major))
    return tuple(map(printable, (*cells, "?" if chart.problem else newest, _application(chart))))


def _version(newer: NewerVersion | None) -> str:
    return newer.version if newer else "-"


def _application(chart: ChartVersions) -> str:
    newest = chart.latest.app_version if chart.latest else ""
    if newest and newest != chart.app_version:
        return f"{chart.app_version or '?'} -> {newest}"
    return chart.app_version or "-"
