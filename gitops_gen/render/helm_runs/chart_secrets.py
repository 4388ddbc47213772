"""Hides secrets in the default values of a chart and of its subcharts from messages."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.render.helm_runs.chart_files import UnusableArchive, chart_files
from gitops_gen.secrets.hidden import Hidden

# The section of add-ons in a values file; the name of a chart is not a hint at its values.
_SECTION = "addons"


def without_defaults(text: str, charts: Mapping[str, Sequence[Any]]) -> str:
    """A message of Helm without secrets of the default values of charts, given by their names."""
    return Hidden.of({_SECTION: charts}).masked(text, (_SECTION,))


def defaults_in(folder: str) -> dict[str, list[Any]]:
    """The default values of the chart in a folder and of its subcharts, by their names."""
    charts: dict[str, list[Any]] = {}
    with suppress(UnusableArchive):
        for name, values in _defaults(folder):
            charts.setdefault(name, []).append(values)
    return charts


def _defaults(folder: str) -> Iterator[tuple[str, Any]]:
    """Yields folder name and values of each chart. Invalid YAML is ignored; Helm refuses it."""
    for file in chart_files(folder):
        if file.name == "values.yaml" and not file.is_template:
            chart = posixpath.dirname(file.path) or folder.replace(os.sep, "/")
            with suppress(InvalidInput):
                yield posixpath.basename(chart), yaml.yaml_load(file.content)
