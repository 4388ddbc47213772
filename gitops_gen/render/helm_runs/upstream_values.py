"""Compares the values of add-ons with the locked archives of their charts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from gitops_gen.charts.archive import ChartArchive
from gitops_gen.charts.value_keys import ChartKeys, UnknownChartKey
from gitops_gen.charts.value_schema import BROKEN_SCHEMA, SchemaError, schema_errors
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import wording
from gitops_gen.model import Environment, Finding, Path, Rule, Severity, Values, dotted
from gitops_gen.rule_registry import defined_in
from gitops_gen.secrets.places import refused_key_may_be_shown

UNKNOWN = Rule(
    "addon-value-unknown",
    title="The chart of an add-on has the keys that are set for it",
    why="Helm ignores a key that a chart does not have, so a misspelled value, or one that a new "
    "version of the chart no longer has, changes nothing.",
    remedy="Correct or remove the key. If the chart reads a key that its values.yaml does not "
    "contain, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
addons:
  kube-prometheus-stack:
    values: {prometheus: {prometheusSpec: {retentoin: 30d}}}
""",
    good="""\
addons:
  kube-prometheus-stack:
    values: {prometheus: {prometheusSpec: {retention: 30d}}}
""",
)
REFUSED = Rule(
    "addon-value-schema",
    title="The values of an add-on match the schema of its chart",
    why="Helm refuses to render a chart with values that its values.schema.json does not admit.",
    remedy="Correct the value as the message states. The values.yaml of the chart describes it.",
    bad="""\
addons:
  cert-manager:
    values: {replicaCount: two}
""",
    good="""\
addons:
  cert-manager:
    values: {replicaCount: 2}
""",
)
NOT_COMPARED = Rule(
    "addon-values-unchecked",
    title="The values of add-ons are compared with the locked charts",
    why="Without the archive of a chart, nobody sees a misspelled key.",
    remedy="Run `gitops-gen charts pull` before the check.",
    severity=Severity.NOTE,
)


def applied_rules() -> frozenset[Rule]:
    """The rules that `findings` applies, with or without a finding."""
    return frozenset(defined_in(sys.modules[__name__])) - {NOT_COMPARED}


def not_compared(environment: Environment, component: Component, label: str) -> Finding:
    """Returns the note about values whose chart is not on this machine."""
    text = (
        f"the values are not checked, because the archive of {label} is not on this machine; run "
        "`gitops-gen charts pull`"
    )
    return environment.finding(NOT_COMPARED, component.section, text, key=True)


def findings(
    environment: Environment, component: Component, chart: ChartArchive
) -> Iterator[Finding]:
    """Yields the findings about the values of a component, which include those of gitops-gen."""
    values = _Values(environment, component, chart)
    try:
        yield from values.findings()
    except InvalidInput as error:
        for one in error.findings:
            text = f"{one.position.file} {one.message}"
            yield environment.finding(one.rule, component.section, text, key=True)


class _Values:
    def __init__(self, environment: Environment, component: Component, chart: ChartArchive) -> None:
        self._environment, self._component = environment, component
        self._chart = chart
        self._label = f"{chart.metadata.name} {chart.metadata.version}"

    def findings(self) -> Iterator[Finding]:
        unknown: dict[Path, UnknownChartKey] = {
            one.path: one for one in ChartKeys(self._chart).unknown(self._values)
        }
        try:
            refused = list(schema_errors(self._chart, self._values))
        except InvalidInput as error:
            if any(one.rule is not BROKEN_SCHEMA for one in error.findings):
                raise
            refused = []
            yield from self._about_schema(error)
        for one in refused:
            if self._is_set(one):
                unknown.pop(one.path, None)
                yield self._refused(one)
        yield from self._unknown(list(unknown.values()))

    @property
    def _values(self) -> Values:
        return self._component.source.values

    def _about_schema(self, error: InvalidInput) -> Iterator[Finding]:
        for one in error.findings:
            text = f"{self._label}: values.schema.json {one.message}; its rules are not checked"
            yield self._environment.finding(BROKEN_SCHEMA, self._component.section, text, key=True)

    # Keys

    def _unknown(self, found: list[UnknownChartKey]) -> Iterator[Finding]:
        """Yields the findings about keys; one for all keys that gitops-gen sets."""
        preset = [one for one in found if not self._is_of_user(one.path)]
        for one in found:
            if one not in preset:
                text = f"{self._label} does not have this key{_hint(one.path, one.existing)}"
                yield self._at_key(UNKNOWN, one.path, one.existing, text)
        if preset:
            text = (
                f"{self._label} does not have the values that gitops-gen sets for it: "
                f"{', '.join(dotted(one.path) for one in preset)}; use a version that has them"
            )
            yield self._environment.finding(UNKNOWN, self._version, text)

    def _at_key(self, rule: Rule, path: Path, existing: tuple[str, ...], text: str) -> Finding:
        """Returns a finding at a key, which is not shown if it may contain a secret."""
        full = self._full(path)
        field = wording.path_of_unknown(full, existing)
        shown = self._environment.hidden.masked(text, full)
        place = self._environment.place(full, key=True)
        return Finding(rule, f"{field}: {shown}", place, field=field)

    @property
    def _version(self) -> Path:
        return (*self._component.section, "version")

    def _full(self, path: Path) -> Path:
        return (*self._component.values_path, *path)

    def _is_of_user(self, path: Path) -> bool:
        full = self._full(path)
        environment = self._environment
        return environment.written(*full) or full in environment.chart_nulls

    # The schema

    def _is_set(self, error: SchemaError) -> bool:
        """Whether the values of the user or of gitops-gen are the reason, not the defaults."""
        if error.keyword == "required":
            return True
        return self._reaches(error.path)

    def _reaches(self, path: Path) -> bool:
        value: Any = self._values
        try:
            for key in path:
                value = value[key]
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def _refused(self, error: SchemaError) -> Finding:
        shown = self._environment.hidden.shows(self._full(error.path), error.value)
        if error.unknown:
            text = f"the schema of {self._label} does not admit this key"
            text += _hint(error.path, error.existing)
        elif error.keyword == "required":
            text = f"the schema of {self._label} requires this value"
        else:
            text = f"{_wording(error, shown=shown)} (schema of {self._label})"
        if error.keyword == "required" or self._is_of_user(error.path):
            return self._at_key(REFUSED, error.path, error.existing, text)
        text = f"{dotted(error.path)}, which gitops-gen sets: {text}"
        return self._environment.finding(REFUSED, self._version, text)


def _hint(path: Path, existing: tuple[str, ...]) -> str:
    """Returns a similar key, or the keys that there are."""
    key = str(path[-1])
    hint = wording.did_you_mean(key, existing)
    if hint or not existing or not refused_key_may_be_shown(path[:-1], key):
        return hint
    return f"; the keys here are: {wording.listed(existing, key)}"


def _wording(error: SchemaError, *, shown: bool) -> str:
    """Returns what the schema expects. Keywords without a wording of their own are named."""
    text = wording.show_if(shown, error.value)
    make = _WORDINGS.get(error.keyword)
    if make is not None:
        return make(error, text)
    limit = wording.outside_limit(error.keyword, text, error.expected)
    return limit or f"{text} is not admitted: '{error.keyword}' does not hold"


_WORDINGS: dict[str, Callable[[SchemaError, str], str]] = {
    "type": lambda error, text: wording.wrong_type(error.value, text, error.expected),
    "enum": lambda error, text: wording.not_one_of(error.value, text, error.expected),
    "const": lambda error, text: wording.not_one_of(error.value, text, [error.expected]),
}
