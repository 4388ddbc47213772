"""Rules for the volumes of Prometheus, Alertmanager and Grafana."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import storage
from gitops_gen.components.durations import LONGEST_DURATION, overflow
from gitops_gen.components.storage import VOLUME_SIZE
from gitops_gen.model import Environment, Finding, Rule, Severity
from gitops_gen.secrets.walk import scalars

SECTION = ("addons", "kube-prometheus-stack")
STORAGE_CLASS = Rule(
    "monitoring-storage-class",
    title="The StorageClasses of the monitoring volumes are known",
    why="If the StorageClass does not exist in the cluster, the PersistentVolumeClaim stays "
    "pending, and Prometheus, Alertmanager or Grafana never starts.",
    remedy="Use gp2 or a class in `platform.storageClasses`. If the class is created in another "
    "way, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
_CLASS_KEYS = frozenset({"storageClassName", "storageClass"})


def findings(environment: Environment) -> Iterator[Finding]:
    if not environment.enabled(*SECTION):
        return
    for server in ("prometheus", "alertmanager"):
        path = (*SECTION, server, "storage")
        volume = environment.get(*path)
        if text := storage.undeclared(environment, volume["class"]):
            yield environment.finding(STORAGE_CLASS, (*path, "class"), text)
        if text := storage.size_problem(environment, volume["class"], volume["size"]):
            yield environment.finding(VOLUME_SIZE, (*path, "size"), text)
    if text := overflow(environment.get(*SECTION, "prometheus", "retention")):
        path = (*SECTION, "prometheus", "retention")
        yield environment.finding(LONGEST_DURATION, path, text)
    yield from _in_chart_values(environment)


def _in_chart_values(environment: Environment) -> Iterator[Finding]:
    """Yields findings for the classes in the values of the upstream chart."""
    values = environment.get(*SECTION, "values", default={})
    for path, name in scalars(values):
        # An empty name and '-' mean the default class or no class.
        is_class = path[-1] in _CLASS_KEYS and isinstance(name, str) and name not in ("", "-")
        if is_class and (text := storage.undeclared(environment, name)):
            yield environment.finding(STORAGE_CLASS, (*SECTION, "values", *path), text)
