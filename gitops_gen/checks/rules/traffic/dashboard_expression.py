"""Every query of a dashboard to Prometheus is valid PromQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gitops_gen.checks.promql import has_too_many_variables, is_too_large, syntax_error_in_dashboard
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined, maps_in
from gitops_gen.model import Rule, Severity, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

RULE = Rule(
    "traffic-dashboard-expression",
    title="Every query of a dashboard to Prometheus is valid PromQL",
    why="A panel of Grafana with a query that Prometheus cannot parse shows an error instead of "
    "data. Grafana does not load a dashboard that is not valid JSON.",
    remedy="Correct the query or the JSON. If the query uses syntax that is newer than the parser "
    "of gitops-gen, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: ConfigMap
metadata: {labels: {grafana_dashboard: "1"}}
data:
  web.json: |
    {"panels": [{"title": "Requests", "targets": [{"expr": "rate(requests_total)"}]}]}""",
    good="""\
kind: ConfigMap
metadata: {labels: {grafana_dashboard: "1"}}
data:
  web.json: |
    {"panels": [{"title": "Requests", "targets": [{"expr": "rate(requests_total[5m])"}]}]}""",
)
CONFIG_MAP = ("", "ConfigMap")
LABEL = "grafana_dashboard"
"""The label by which the sidecar of Grafana finds dashboards."""
_PROMETHEUS = "prometheus"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for item in view.of_kind(CONFIG_MAP):
        if LABEL not in as_map(value_at(item.value, "metadata", "labels")):
            continue
        for name, text in as_map(item.value.get("data")).items():
            if name.endswith(".json") and isinstance(text, str):
                yield from _problems_in(item, name, text)


def _problems_in(item: KubeObject, name: str, text: str) -> Iterator[ObjectIssue | Undetermined]:
    lead, path = f"the dashboard {name} of {item.id}", ("data", name)
    try:
        dashboard = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield ObjectIssue(item, f"{lead} is not valid JSON: {error}", path)
        return
    for panel, expression in _queries(dashboard):
        if is_too_large(expression):
            yield Undetermined("queries of dashboards", "they are too large")
        elif has_too_many_variables(expression):
            yield Undetermined("queries of dashboards", "they contain too many variables")
        elif mistake := syntax_error_in_dashboard(expression):
            title = panel.get("title") or f"number {panel.get('id')}"
            message = f"{lead} has a query in the panel {title} that is not valid: {mistake}"
            yield ObjectIssue(item, message, path)


def _queries(dashboard: object) -> Iterator[tuple[Values, str]]:
    """Yields the queries to Prometheus, each with its panel."""
    variables = _variables(dashboard)
    for panel in _panels(dashboard, 0):
        for _, target in maps_in(panel, "targets"):
            expression = target.get("expr")
            source = target.get("datasource") or panel.get("datasource")
            if isinstance(expression, str) and expression.strip() and _is_promql(source, variables):
                yield panel, expression


_DEEPEST = 10
"""How many levels of rows are read; Grafana has two."""


def _panels(container: object, depth: int) -> Iterator[Values]:
    """Yields the panels of a dashboard, which rows contain too."""
    for key in ("panels", "rows") if depth < _DEEPEST else ():
        for _, panel in maps_in(container, key):
            yield panel
            yield from _panels(panel, depth + 1)


def _variables(dashboard: object) -> dict[str, str]:
    """The types of the data sources that variables of the dashboard choose."""
    return {
        str(variable.get("name")): str(variable.get("query"))
        for _, variable in maps_in(dashboard, "templating", "list")
        if variable.get("type") == "datasource"
    }


def _is_promql(source: Any, variables: dict[str, str]) -> bool:
    """Whether a data source is Prometheus. Other data sources have other languages."""
    if isinstance(source, dict):
        kind, name = source.get("type"), str(source.get("uid"))
        return kind == _PROMETHEUS if kind else variables.get(_bare(name)) == _PROMETHEUS
    name = _bare(str(source or ""))
    return variables.get(name, name.lower()) in (_PROMETHEUS, "default", "")


def _bare(name: str) -> str:
    """The name of a variable without its marks."""
    return name.strip("${}")
