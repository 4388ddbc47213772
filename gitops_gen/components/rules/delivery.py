"""Rules for how the objects of an add-on from an upstream chart reach the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.charts.lock import NOT_LOCKED
from gitops_gen.components import Folder
from gitops_gen.components.custom_addon.sections import named
from gitops_gen.components.delivery import CHART, KEY, MANIFESTS, locked_digest
from gitops_gen.model import Environment, Finding, Path, Pin, Rule, Severity

NOT_RENDERED = Rule(
    "delivery-chart",
    title="A locked chart is rendered",
    why="With `delivery: chart`, Argo CD renders the chart: no rule sees its objects, no pull "
    "request shows how they change, and its archive is not compared with the locked digest.",
    remedy="Remove `delivery: chart`. If Argo CD must render the chart, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


_SOURCE = ("repository", "chart", "version")


def findings(environment: Environment, folder: Folder) -> Iterator[Finding]:
    for section, pin in _pins(environment, folder):
        yield from _findings(environment, (*section, KEY), pin)


def _findings(environment: Environment, path: Path, pin: Pin) -> Iterator[Finding]:
    stated = environment.get(*map(str, path))
    is_locked = locked_digest(environment, pin) is not None
    if stated == MANIFESTS and not is_locked:
        text = f"the chart {pin.chart} {pin.version} is not locked; run `gitops-gen charts lock`"
        yield environment.finding(NOT_LOCKED, path, text)
    if stated == CHART and is_locked:
        text = (
            "Argo CD renders the chart, so its objects are not checked, not shown in a pull "
            "request and not rehearsed, and the locked digest is not compared; remove this line"
        )
        yield environment.finding(NOT_RENDERED, path, text)


def _pins(environment: Environment, folder: Folder) -> Iterator[tuple[Path, Pin]]:
    """Yields the sections of upstream charts that are enabled, with their charts."""
    addon = folder.addon
    if addon is not None and environment.enabled(*addon.section):
        yield addon.section, addon.pin(environment)
    elif folder.section == ("addons", "*"):
        for name, section in named(environment):
            if section["enabled"] and all(key in section for key in _SOURCE):
                yield ("addons", name), Pin(*(section[key] for key in _SOURCE))
