"""Scans the archives of upstream charts, whose templates the user cannot change."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from gitops_gen.charts.archive import ChartArchive, read_archive
from gitops_gen.charts.cache import ARCHIVE_MISSING
from gitops_gen.charts.lock import LockedChart
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Rule, Severity
from gitops_gen.render.helm_runs.chart_files import API_VERSIONS
from gitops_gen.render.helm_runs.chart_secrets import without_defaults
from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions
from gitops_gen.render.helm_runs.repository_chart import remote_references, templates_in
from gitops_gen.rule_registry import defined_in

UPSTREAM_CHART = Rule(
    "upstream-chart",
    title="An upstream chart can be rendered safely",
    why="Helm would download files while it renders, or a value would have a different result at "
    "every render.",
    remedy="Use another version of the chart, or change the value that the message names.",
)
UPSTREAM_TIME = Rule(
    "upstream-chart-time",
    title="An upstream chart does not ask for the time, nor for random numbers",
    why="A new chart is rendered twice and the results are compared. That finds every generated "
    "key, but not a date that changes once a day, or a random number that is the same twice.",
    remedy="Set the values of the chart so that it does not use the time, and then excuse the "
    "finding: gitops-gen cannot detect which functions of a chart run.",
    severity=Severity.WARNING,
    excusable=True,
)

# The results of these functions differ whenever they are called, so that two renders differ.
_ALWAYS_DIFFERENT = re.compile(
    r"gen[A-Z]\w*|uuidv4|rand(Alpha|AlphaNum|Ascii|Bytes)|bcrypt|htpasswd|encryptAES|derivePassword"
)
_TPL = re.compile(rb"\btpl\b")


@dataclass(frozen=True)
class UpstreamArchive:
    """A verified archive of a locked chart."""

    locked: LockedChart
    data: bytes = field(repr=False)

    chart: ChartArchive = field(repr=False)

    @classmethod
    def of(cls, locked: LockedChart, path: Path) -> UpstreamArchive:
        """Reads an archive. Raises InvalidInput if it must not be used.

        What Helm renders are the bytes that are verified here, not those of the file at that time.
        """
        data = path.read_bytes()
        if sha256(data).hexdigest() != locked.archive_sha256:
            text = f"{path} was changed while it was read; try again"
            raise InvalidInput.at(locked.position, text, ARCHIVE_MISSING)
        chart = read_archive(data, locked.file_name)
        chart.require(locked.pin)
        return cls(locked, data, chart)

    @cached_property
    def reads_api_versions(self) -> bool:
        """Whether the output can depend on the APIs that the cluster serves."""
        return any(API_VERSIONS in data for data in self._files.values())

    @cached_property
    def evaluates_values(self) -> bool:
        """Whether a template calls `tpl`, so that values may be templates."""
        templates = (data for path, data in self._files.items() if _is_template(path))
        return any(_TPL.search(data) for data in templates)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """Why the chart must not be rendered."""
        schemas = (one.schema for one in self.chart.all_charts() if one.schema is not None)
        return tuple(
            f"its schema refers to {reference}, which Helm would download"
            for schema in schemas
            for reference in remote_references(schema)
        )

    @cached_property
    def undetected_functions(self) -> frozenset[str]:
        """Functions that the chart can call and whose results two renders may have in common."""
        found = frozenset(
            name for text in self._texts() for name in nondeterministic_functions(text)
        )
        return frozenset(name for name in found if not _ALWAYS_DIFFERENT.fullmatch(name))

    def without_defaults(self, text: str) -> str:
        """A message of Helm without secrets of the default values of the chart."""
        charts: dict[str, list[object]] = {}
        for chart in self.chart.all_charts():
            with suppress(InvalidInput):
                charts.setdefault(chart.metadata.name, []).append(chart.values)
        return without_defaults(text, charts)

    def _texts(self) -> Iterator[str]:
        """Yields the templates, and the default values that `tpl` may evaluate."""
        for path, data in self._files.items():
            if _is_template(path) or (self.evaluates_values and path.endswith("/values.yaml")):
                yield data.decode(errors="replace")

    @cached_property
    def _files(self) -> Mapping[str, bytes]:
        """The files of the chart and its subcharts, each below a number and the chart's name."""
        return {
            f"{number}-{chart.metadata.name}/{path}": data
            for number, chart in enumerate(self.chart.all_charts())
            for path, data in chart.files.items()
        }


def _is_template(path: str) -> bool:
    _, _, inside = path.partition("/")
    return inside.startswith("templates/") and not inside.endswith("/NOTES.txt")


def applied_rules() -> frozenset[Rule]:
    """The rules that `findings` applies, with or without a finding."""
    return frozenset(defined_in(sys.modules[__name__]))


def findings(
    environment: Environment, component: Component, archive: UpstreamArchive
) -> Iterator[Finding]:
    """Yields the findings about the chart of a component and about its values."""
    for problem in archive.problems:
        text = f"{archive.locked.label}: {problem}; use another version"
        yield environment.finding(UPSTREAM_CHART, component.section, text, key=True)
    if archive.evaluates_values:
        for place, text in templates_in(component.source.values):
            yield environment.finding(UPSTREAM_CHART, (*component.values_path, *place), text)
    if functions := archive.undetected_functions:
        text = (
            f"{archive.locked.label} can call {', '.join(sorted(functions))}, whose results may "
            "differ at a later render; set its values so that it does not"
        )
        yield environment.finding(UPSTREAM_TIME, component.section, text, key=True)
