"""The versions of upstream charts, as `charts outdated` prints them, with one module per format.

The modules `*_format.py` are discovered. A format defines `versions(charts) -> str`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from gitops_gen.charts.outdated import ChartVersions


def versions_report(form: str, charts: Sequence[ChartVersions]) -> str:
    """Returns the versions in one of the `report.formats("chart_versions")`."""
    text: str = import_module(f"{__name__}.{form}_format").versions(charts)
    return text
