"""Computes the values of a tier's chart, so that the templates contain little logic."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.backing import from_secret
from gitops_gen.components.chart_values import ChartKeys, selected, without_empty
from gitops_gen.components.tier import mounts, network
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Values

STARTUP_PERIOD_SECONDS = 2
DEREGISTRATION = "deregistration_delay.timeout_seconds"

_EVERY_TIER: ChartKeys = (
    ("namespace",),
    ("image",),
    ("imagePullSecrets",),
    ("command",),
    ("args",),
    ("resources",),
    ("runAsUser",),
    ("runAsGroup",),
    ("priorityClassName",),
    ("podLabels",),
    ("podAnnotations",),
    ("nodeSelector",),
    ("tolerations",),
    ("terminationGracePeriodSeconds",),
)
_CRON_JOB: ChartKeys = (("schedule",), ("timeZone",), ("job",))
_REPLICAS, _AUTOSCALING, _MIGRATE = ("replicas",), ("autoscaling",), ("migrate",)
_METRICS = ("metrics", "path")

CHART_KEYS: ChartKeys = (
    *(("enabled",), *_EVERY_TIER, *_CRON_JOB),
    *(_REPLICAS, _AUTOSCALING, _MIGRATE, _METRICS),
)
"""The keys that the templates read. What other components follow too, such as the port, is
computed: a chart alone could not change it everywhere."""


def effective_keys(tier: Tier) -> Iterator[tuple[str, ...]]:
    """Yields the keys that have an effect for this tier."""
    yield from _EVERY_TIER
    if tier.scheduled:
        yield from _CRON_JOB
    else:
        yield _REPLICAS if tier.get("autoscaling") is None else _AUTOSCALING
    if tier.get("migrate") is not None:
        yield _MIGRATE
    if tier.scraped:
        yield _METRICS


def chart_values(tier: Tier) -> Values:
    """Returns the values of the chart: the effective keys with their defaults, and `computed`."""
    values = selected(tier.values, (("enabled",), *effective_keys(tier)))
    values |= dict(_resolved(tier))
    return {**values, "computed": without_empty(computed(tier))}


def computed(tier: Tier) -> Values:
    values: Values = {
        "name": tier.name,
        "partOf": tier.environment.get("cluster", "name"),
        "role": tier.role,
        "env": list(environment_variables(tier)),
        "volumeMounts": [mount.manifest() for mount in mounts.mounts(tier)],
        "volumes": list(mounts.volumes(tier)),
        "ingress": list(network.ingress(tier)),
        "egress": list(network.egress(tier)),
        "monitored": tier.monitored,
    }
    if tier.scraped:
        values["metricsPort"] = metrics_port_name(tier)
    if tier.get("configFiles"):
        values["files"] = mounts.files(tier)
    return values if tier.scheduled else values | _computed_for_deployment(tier)


def _computed_for_deployment(tier: Tier) -> Values:
    return {
        "service": tier.get("port") is not None,
        "ports": ports(tier),
        "probes": probes(tier),
        "preStopSeconds": tier.pre_stop_seconds,
        "serviceAnnotations": load_balancer_annotations(tier),
        "progressDeadlineSeconds": max(600, 300 + tier.get("health", "startupSeconds", default=0)),
    }


def _resolved(tier: Tier) -> Iterator[tuple[str, object]]:
    """Yields the keys whose defaults are not in defaults.yaml."""
    if tier.scheduled:
        yield "timeZone", tier.get("timeZone", default="Etc/UTC")
        yield "job", _cron_job(tier)
    elif tier.get("autoscaling") is not None:
        yield "autoscaling", autoscaling(tier)
    if tier.get("migrate") is not None:
        job = _job(tier, "migrate", timeout=600, retries=3)
        yield "migrate", {**tier.get("migrate"), **job}
    if tier.scraped:
        yield "metrics", {"path": tier.get("metrics", "path", default="/metrics")}


def _cron_job(tier: Tier) -> Values:
    start_deadline = int(tier.get("job", "startWithinSeconds", default=300))
    return {
        **_job(tier, "job", timeout=3600, retries=2),
        "startWithinSeconds": start_deadline,
    }


def _job(tier: Tier, section: str, *, timeout: int, retries: int) -> Values:
    return {
        "timeoutSeconds": tier.get(section, "timeoutSeconds", default=timeout),
        "retries": tier.get(section, "retries", default=retries),
    }


def environment_variables(tier: Tier) -> Iterator[Values]:
    """Yields the variables. Those of `env` are last and in the order of the user, because the
    kubelet replaces $(NAME) only by variables before it."""
    secrets = sorted(tier.get("secretEnv", default={}).items())
    variables: dict[str, Values] = {}
    for _, provision in tier.backing:
        variables |= provision.variables
    variables |= {name: from_secret(source["secret"], source["key"]) for name, source in secrets}
    variables |= {name: {"value": text} for name, text in tier.get("env", default={}).items()}
    for name, source in variables.items():
        yield {"name": name, **source}


def ports(tier: Tier) -> list[Values]:
    """Returns the named container ports. A port with two uses has only the first name."""
    metrics = tier.metrics_port if tier.get("metrics") is not None else None
    health = tier.get("health", "port")
    named: dict[int, str] = {}
    for name, port in (("http", tier.get("port")), ("metrics", metrics), ("health", health)):
        if port is not None:
            named.setdefault(port, name)
    return [{"name": name, "port": port} for port, name in named.items()]


def metrics_port_name(tier: Tier) -> str:
    return next(str(port["name"]) for port in ports(tier) if port["port"] == tier.metrics_port)


def probes(tier: Tier) -> Values:
    """Returns the probes of the container.

    The readiness probe checks whether the tier can serve requests. The liveness probe checks only
    whether the process works, so that an unavailable backing service never restarts the tier. The
    startup probe gives the container additional time to start.
    """
    readiness, liveness = _readiness(tier), _liveness(tier)
    timeout = tier.get("health", "timeoutSeconds", default=1)
    startup = tier.get("health", "startupSeconds")
    values: Values = {}
    if startup is not None and liveness:
        failures = -(-startup // STARTUP_PERIOD_SECONDS)
        values["startupProbe"] = liveness | _timing(STARTUP_PERIOD_SECONDS, timeout, failures)
    if readiness:
        values["readinessProbe"] = readiness | _timing(5, timeout, 3)
    if liveness:
        values["livenessProbe"] = liveness | _timing(max(10, timeout), timeout, 6)
    return values


def _readiness(tier: Tier) -> Values:
    path = tier.health_path
    return _http(tier, path) if path is not None else _command_or_port_check(tier)


def _liveness(tier: Tier) -> Values:
    path = tier.get("health", "livenessPath")
    return _http(tier, path) if path is not None else _command_or_port_check(tier)


def _command_or_port_check(tier: Tier) -> Values:
    command = tier.get("health", "command")
    if command:
        return {"exec": {"command": command}}
    return {"tcpSocket": {"port": tier.health_port}} if tier.health_port is not None else {}


def _http(tier: Tier, path: str) -> Values:
    return {"httpGet": {"path": path, "port": tier.health_port}}


def _timing(period: int, timeout: int, failures: int) -> Values:
    return {"periodSeconds": period, "timeoutSeconds": timeout, "failureThreshold": failures}


def autoscaling(tier: Tier) -> Values:
    max_replicas = tier.max_replicas
    targets = {name: tier.get("autoscaling", name) for name in ("cpu", "memory")}
    targets = {name: target for name, target in targets.items() if target is not None}
    return {
        "minReplicas": tier.get("autoscaling", "minReplicas", default=min(2, max_replicas)),
        "maxReplicas": max_replicas,
        **(targets or {"cpu": 70}),
    }


def load_balancer_annotations(tier: Tier) -> dict[str, str]:
    """Returns annotations of the Service, which override those of the Ingress.

    The health checks of tiers differ, so they cannot be annotations of the Ingress.
    """
    if not tier.routed:
        return {}
    settings = {
        "healthcheck-path": tier.health_path,
        "healthcheck-port": tier.get("health", "port"),
        "healthcheck-interval-seconds": 10,
        "healthcheck-timeout-seconds": 5,
        "healthy-threshold-count": 2,
        "unhealthy-threshold-count": 2,
        "success-codes": tier.get("health", "successCodes"),
        "target-group-attributes": _target_group_attributes(tier),
    }
    return {
        f"alb.ingress.kubernetes.io/{name}": str(setting)
        for name, setting in settings.items()
        if setting is not None
    }


def _target_group_attributes(tier: Tier) -> str | None:
    drain = tier.get("drainSeconds")
    attributes = {} if drain is None else {DEREGISTRATION: str(drain)}
    attributes |= tier.get("targetGroupAttributes", default={})
    return ",".join(f"{name}={attributes[name]}" for name in sorted(attributes)) or None
