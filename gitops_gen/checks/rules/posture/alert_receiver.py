"""Alerts that are not sent to anyone."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.production import is_production
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "posture-alert-receiver",
    title="In production, Alertmanager has receivers",
    why="Without receivers, Alertmanager only displays alerts, and an outage is noticed by the "
    "users first.",
    remedy="Create a Secret with the configuration of Alertmanager, and name it in "
    "`addons.kube-prometheus-stack.alertmanager.configSecret`. If something else sends the "
    "alerts, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
addons:
  kube-prometheus-stack: {enabled: true}""",
    good="""\
stage: production
addons:
  kube-prometheus-stack:
    alertmanager: {configSecret: alertmanager-config}""",
)
_SECTION = ("addons", "kube-prometheus-stack")
_RECEIVERS = (
    ("alertmanager", "configSecret"),
    ("values", "alertmanager", "config"),
    ("values", "alertmanager", "alertmanagerSpec", "configSecret"),
    ("values", "alertmanager", "alertmanagerSpec", "alertmanagerConfiguration"),
)
"""The values that configure receivers."""


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    environment = view.environment
    application = view.applications.get(_SECTION[-1])
    if not is_production(view) or application is None or not environment.enabled(*_SECTION):
        return
    if not any(environment.get(*_SECTION, *key) for key in _RECEIVERS):
        text = "Alertmanager has no receiver, so alerts are only displayed"
        yield ObjectIssue(application, f"{text}; set alertmanager.configSecret")
