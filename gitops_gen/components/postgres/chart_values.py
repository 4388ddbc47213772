"""Computes the values of the chart. Keys that have no effect in an environment are left out."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.capabilities import MONITORING_NAMESPACE
from gitops_gen.components.chart_values import ChartKeys, selected, without_empty
from gitops_gen.components.postgres.configuration import settings
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.model import Values

_SERVER: ChartKeys = (
    ("image",),
    ("imagePullSecrets",),
    ("storage",),
    ("resources",),
    ("sharedMemory",),
    ("parameters",),
    ("initdbArgs",),
    ("terminationGracePeriodSeconds",),
    ("priorityClassName",),
    ("nodeSelector",),
)
_EXPORTER: ChartKeys = (("metrics", "image"), ("metrics", "resources"))
_POD: ChartKeys = (("namespace",), ("database",), ("user",))
_ALERTS: ChartKeys = (
    ("alerts", "enabled"),
    ("alerts", "volumeFreePercent"),
    ("alerts", "connectionsPercent"),
)

CHART_KEYS: ChartKeys = (("enabled",), *_POD, *_SERVER, *_EXPORTER, *_ALERTS)
"""The keys that the templates read. What the tiers follow too, such as the port and the name of the
Secret, is computed: the chart alone could not change it everywhere."""


def chart_values(database: Database) -> Values:
    values = selected(database.section, (("enabled",), *effective_keys(database)))
    if not database.external:
        values["parameters"] = settings(database.section)
    return {**values, "computed": without_empty(_computed(database))}


def effective_keys(database: Database) -> Iterator[tuple[str, ...]]:
    """Yields the keys that have an effect."""
    if database.workload_namespaces:
        yield from _POD
    if not database.external:
        yield from _SERVER
    if database.exported:
        yield from _EXPORTER
    if database.monitored and database.workload_namespaces:
        yield from _alerts(database)


def _alerts(database: Database) -> Iterator[tuple[str, ...]]:
    enabled, volume, connections = _ALERTS
    yield enabled
    if database.section["alerts"]["enabled"]:
        yield from () if database.external else (volume,)
        yield from (connections,) if database.exported else ()


def _computed(database: Database) -> Values:
    values: Values = {
        "name": NAME,
        "partOf": database.environment.get("cluster", "name"),
        "statefulSet": not database.external,
        "port": database.port,
        "clients": [] if database.external else _clients(database),
        "aliases": list(database.aliases),
        "externalSecret": _external_secret(database),
        "exporter": _exporter(database),
    }
    if database.aliases or database.exported:
        values["host"] = database.host
    if database.workload_namespaces or database.external_secret:
        values["secret"] = database.secret
    return values


def _clients(database: Database) -> list[Values]:
    return [{"namespace": ns, "tiers": list(users)} for ns, users in database.users.items()]


def _external_secret(database: Database) -> Values:
    secret = database.external_secret
    if not secret:
        return {}
    return {
        "namespaces": list(database.secret_namespaces),
        "store": database.store,
        "key": secret["key"],
        "property": secret.get("property", "password"),
        "refreshInterval": secret.get("refreshInterval", "1h0m0s"),
    }


def _exporter(database: Database) -> Values:
    """Returns what the exporter needs; nothing if it does not run."""
    if not database.exported:
        return {}
    outside = {"cidrs": list(database.external_cidrs)} if database.external else {}
    monitoring = {
        "monitored": database.monitored,
        "monitoringNamespace": MONITORING_NAMESPACE,
    }
    return monitoring | outside
