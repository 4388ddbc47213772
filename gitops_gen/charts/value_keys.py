"""The keys that the values of a chart can have, from its values.yaml and those of its subcharts.

A key that is in none of them is unknown, unless the chart documents it in a comment or in its
schema, or a template reads it. Maps that a chart leaves open can have any keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gitops_gen.charts.archive import ChartArchive
from gitops_gen.charts.template_reads import TemplateReads
from gitops_gen.model import Values

Keys = tuple[str, ...]

GLOBAL, TAGS = "global", "tags"
# Maps that are passed to Kubernetes, or whose keys are names that the user chooses.
_FREE = re.compile(
    r"(annotations|labels|selector|env|resources|limits|requests|affinity|probe|strategy"
    r"|securitycontext|extraargs)$",
    re.IGNORECASE,
)
_COMMENTED_KEY = re.compile(r"^\s*#[#\s-]*[\"']?([\w./-]+)[\"']?\s*:", re.MULTILINE)
_SCHEMA_KEY = re.compile(r'"([^"\\]+)"\s*:')


@dataclass(frozen=True, slots=True)
class UnknownChartKey:
    """A key that the chart does not have, and the keys that it has at this place."""

    path: Keys
    existing: tuple[str, ...]


@dataclass(frozen=True)
class ChartKeys:
    """The keys of a chart, whose values are those of its archive."""

    chart: ChartArchive
    templates_above: tuple[str, ...] = field(default=(), repr=False)
    """The templates of the charts that contain this chart, which can read its values."""

    def unknown(self, values: Values) -> Iterator[UnknownChartKey]:
        """Yields the unknown keys in values, each without those below it."""
        yield from self._unknown(values, ())

    def _unknown(self, values: Values, path: Keys) -> Iterator[UnknownChartKey]:
        if self._is_open(path):
            return
        existing = self._existing_keys(path)
        for key, value in values.items():
            if key in existing:
                if isinstance(value, dict):
                    yield from self._unknown(value, (*path, key))
            elif not self._admits((*path, key)):
                yield UnknownChartKey((*path, key), tuple(sorted(existing)))

    @cached_property
    def subcharts(self) -> Mapping[str, ChartKeys | None]:
        """The subcharts by the keys of their values; None if the archive does not contain one."""
        charts = {one.metadata.name: one for one in self.chart.subcharts}
        entries = self.chart.metadata.dependencies
        unlisted = charts.keys() - {str(one.get("name", "")) for one in entries}
        found: dict[str, ChartKeys | None] = {
            name: self._below(charts[name]) for name in sorted(unlisted)
        }
        for entry in entries:
            name = str(entry.get("name", ""))
            key = str(entry.get("alias") or name)
            found[key] = self._below(charts[name]) if name in charts else None
        return found

    def _below(self, chart: ChartArchive) -> ChartKeys:
        return ChartKeys(chart, self._templates)

    def _existing_keys(self, path: Keys) -> set[str]:
        """The documented keys of the map at a path."""
        found = _map_at(self.chart.values, path)
        existing = set(found) if found else set()
        existing |= {one[len(path)] for one in self._conditions if one[: len(path)] == path != one}
        if not path:
            existing |= {GLOBAL, TAGS, *self.subcharts}
        for chart, below in self._charts_at(path):
            existing |= chart._existing_keys(below)
        return existing

    def _charts_at(self, path: Keys) -> Iterator[tuple[ChartKeys, Keys]]:
        """Yields the subcharts that get the value at a path, with its path in them."""
        for key, chart in self.subcharts.items():
            if chart is not None and path[:1] == (key,):
                yield chart, path[1:]
            elif chart is not None and path[:1] == (GLOBAL,):
                yield chart, path

    def _is_open(self, path: Keys) -> bool:
        """Whether the map at a path can have keys that are documented nowhere."""
        if path and _FREE.search(path[-1]):
            return True
        if path and self.subcharts.get(path[0], self) is None:
            return True
        places = list(self._charts_at(path))
        if self._reads.uses_whole(path) or any(one._leaves_open(at) for one, at in places if at):
            return True
        return not self._existing_keys(path) or self._is_imported(path)

    def _leaves_open(self, path: Keys) -> bool:
        """Whether this subchart can use any key of a map. Many subcharts have no global values."""
        return self._reads.uses_whole(path) if path[0] == GLOBAL else self._is_open(path)

    def _admits(self, path: Keys) -> bool:
        """Whether the key at a path has an effect although values.yaml does not contain it."""
        if path[-1] in self._mentioned or self._reads.reads(path):
            return True
        return any(chart._admits(below) for chart, below in self._charts_at(path) if below)

    def _is_imported(self, path: Keys) -> bool:
        """Whether a subchart adds values at this place with `import-values`."""
        for entry in self.chart.metadata.dependencies:
            imported: Any = entry.get("import-values")
            for one in imported if isinstance(imported, list) else ():
                parent = str(one.get("parent", "")) if isinstance(one, dict) else ""
                if path == tuple(part for part in parent.split(".") if part):
                    return True
        return False

    @cached_property
    def _conditions(self) -> frozenset[Keys]:
        """The values that switch subcharts on and off."""
        entries = self.chart.metadata.dependencies
        texts = [text for one in entries for text in str(one.get("condition") or "").split(",")]
        tags = (one.get("tags") for one in entries)
        texts += (f"{TAGS}.{tag}" for one in tags if isinstance(one, list) for tag in one)
        return frozenset(tuple(text.strip().split(".")) for text in texts if text.strip())

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """The keys in comments of values.yaml, and in the schema."""
        values = self.chart.values_file.decode(errors="replace")
        schema = (self.chart.schema or b"").decode(errors="replace")
        return frozenset((*_COMMENTED_KEY.findall(values), *_SCHEMA_KEY.findall(schema)))

    @cached_property
    def _reads(self) -> TemplateReads:
        libraries = (one for one in self.chart.all_charts() if one.metadata.type == "library")
        shared = (text for one in libraries for text in _templates(one))
        return TemplateReads((*self._templates, *shared))

    @cached_property
    def _templates(self) -> tuple[str, ...]:
        return (*_templates(self.chart), *self.templates_above)


def _templates(chart: ChartArchive) -> Iterator[str]:
    """Yields the texts that Helm evaluates: templates, and files that templates evaluate."""
    for path, data in chart.files.items():
        if b"{{" in data and not path.endswith(".md") and not path.startswith("crds/"):
            yield data.decode(errors="replace")


def _map_at(values: Any, path: Keys) -> Values | None:
    """Returns the map at a path; None if there is no map."""
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else None
