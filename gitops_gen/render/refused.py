"""What Helm refused, said as ours: the component, and the values line behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import HelmRefused
from gitops_gen.model import Environment, Finding, Path

RULE = "helm"

_ALIAS = re.compile(r"platform/charts/([a-z0-9-]+)/")
_SCHEMA_CHART = re.compile(r"^([a-z0-9.-]+):$")
_SCHEMA_ERROR = re.compile(r"^- at '([^']*)': (.*)$")


def refused(
    environment: Environment, components: Iterable[Component], error: HelmRefused
) -> InvalidInput:
    """`components` are those of the release that Helm refused."""
    named = {component.name: component for component in components}
    text = str(error)
    findings = list(_schema_findings(environment, named, text))
    return InvalidInput(findings or [_template_finding(environment, named, text)])


def _schema_findings(
    environment: Environment, named: dict[str, Component], text: str
) -> Iterator[Finding]:
    """`frontend:` and below it `- at '/port': got string, want integer`."""
    component = next(iter(named.values())) if len(named) == 1 else None
    for line in text.splitlines():
        if chart := _SCHEMA_CHART.match(line):
            component = named.get(chart.group(1), component)
        elif (error := _SCHEMA_ERROR.match(line)) and component:
            path = _user_path(component, tuple(p for p in error.group(1).split("/") if p))
            yield environment.finding(RULE, path, f"Helm refuses it: {error.group(2)}")


def _user_path(component: Component, below: Path) -> Path:
    """What the component itself computed is no value of the user's: its section is."""
    return component.section if below[:1] == ("computed",) else (*component.section, *below)


def _template_finding(environment: Environment, named: dict[str, Component], text: str) -> Finding:
    alias = _ALIAS.search(text)
    component = named.get(alias.group(1)) if alias else None
    if component is None and len(named) == 1:
        component = next(iter(named.values()))
    section = component.section if component else ()
    return environment.finding(RULE, section, f"Helm cannot render it: {_short(text)}", key=True)


def _short(text: str) -> str:
    """Helm's last words are the cause; what stands before is the way to it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if "use --debug flag" not in line.lower()]
    return "; ".join(kept)[:1000]
