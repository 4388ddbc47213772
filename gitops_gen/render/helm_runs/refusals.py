"""Converts an error of Helm to findings about the responsible values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import HelmRefused
from gitops_gen.model import Environment, Finding, Path, Rule

RULE = Rule(
    "helm",
    title="Helm can render the chart",
    why="Helm refused the values or failed in a template, so there is nothing to sync.",
    remedy="Correct the value that the message names.",
)
LONGEST = 1000

_ALIAS = re.compile(r"platform/charts/([a-z0-9-]+)/")
_SCHEMA_CHART = re.compile(r"([A-Za-z0-9._-]+):")
_SCHEMA_ERROR = re.compile(r"- at '([^']*)': (.*)")
_VALUE = re.compile(r"<[^<>]*?\.Values((?:\.[A-Za-z_][A-Za-z0-9_]*)+)")


def refused(
    environment: Environment, components: Iterable[Component], error: HelmRefused
) -> InvalidInput:
    """The findings about an error. `components` are those of the refused release."""
    named = {component.name: component for component in components}
    text = str(error)
    findings = list(_schema_findings(environment, named, text))
    return InvalidInput(findings or [_template_finding(environment, named, text)])


def _schema_findings(
    environment: Environment, named: Mapping[str, Component], text: str
) -> Iterator[Finding]:
    """Yields findings for the lines after `frontend:`, for example
    `- at '/port': got string, want integer`."""
    alone = _only(named)
    component, chart = alone, ""
    for line in text.splitlines():
        if header := _SCHEMA_CHART.fullmatch(line):
            chart = header.group(1)
            component = named.get(chart, alone)
        elif (found := _SCHEMA_ERROR.fullmatch(line)) and component:
            path = _schema_path(environment, component, chart, found.group(1))
            yield environment.finding(RULE, path, f"Helm refuses the value: {found.group(2)}")


def _schema_path(environment: Environment, component: Component, chart: str, pointer: str) -> Path:
    """The path of the user's value for a JSON pointer below the values of a chart."""
    path = component.values_path
    if not component.source.is_first_party and (*path, chart) in environment.sources:
        path = (*path, chart)  # a subchart of the repository chart
    for part in filter(None, pointer.split("/")):
        key = part.replace("~1", "/").replace("~0", "~")
        index = int(key) if key.isdecimal() else key
        path = (*path, index if (*path, index) in environment.sources else key)
    return _users_path(component, path)


def _users_path(component: Component, path: Path) -> Path:
    """The path, or the section if the value at `path` was computed by the component."""
    below = path[len(component.section) :]
    is_computed = component.source.is_first_party and below[:1] == ("computed",)
    return component.section if is_computed else path


def _template_finding(
    environment: Environment, named: Mapping[str, Component], text: str
) -> Finding:
    alias = _ALIAS.search(text)
    component = (named.get(alias.group(1)) if alias else None) or _only(named)
    path = _value_path(environment, component, text) if component else ()
    # Secrets are hidden before truncation, because a template may quote any value of its section.
    text = environment.hidden.masked(text, component.section if component else ())
    return environment.finding(
        RULE, path, f"Helm cannot render the chart: {_short(text)}", key=True
    )


def _value_path(environment: Environment, component: Component, text: str) -> Path:
    """The path of the value at which the template failed, or the section."""
    match = _VALUE.search(text)
    top = path = component.values_path
    for key in match.group(1).split(".")[1:] if match else ():
        if (*path, key) not in environment.sources:
            break
        path = (*path, key)
    return component.section if path == top else _users_path(component, path)


def _only(named: Mapping[str, Component]) -> Component | None:
    return next(iter(named.values())) if len(named) == 1 else None


def _short(text: str) -> str:
    """The message on one line, truncated at the beginning, because its end contains the cause."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if "use --debug flag" not in line.lower()]
    message = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in "; ".join(kept)
    )
    return message if len(message) <= LONGEST else f"… {message[-LONGEST:]}"
