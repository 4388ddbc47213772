"""What the chart needs besides the user's section: all that would be logic in a template."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.backing import from_secret
from gitops_gen.components.images import reference
from gitops_gen.components.tier import mounts, network
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Values

STARTUP_PERIOD_SECONDS = 2


def computed(tier: Tier) -> Values:
    values: Values = {
        "name": tier.name,
        "partOf": tier.environment.get("cluster", "name"),
        "role": tier.role,
        "image": reference(tier.values["image"]),
        "env": list(environment_variables(tier)),
        "volumeMounts": [mount.manifest() for mount in mounts.mounts(tier)],
        "volumes": list(mounts.volumes(tier)),
        "ingress": list(network.ingress(tier)),
        "egress": list(network.egress(tier)),
        "monitored": tier.monitored,
    }
    if tier.scraped:
        values["metrics"] = metrics(tier)
    if tier.get("configFiles"):
        values["files"] = mounts.files(tier)
    if tier.get("migrate") is not None:
        values["migrate"] = _job(tier, "migrate", timeout=600, retries=3)
    return values | (_scheduled(tier) if tier.scheduled else _running(tier))


def _running(tier: Tier) -> Values:
    return {
        "ports": ports(tier),
        "probes": probes(tier),
        "preStopSeconds": tier.pre_stop_seconds,
        "serviceAnnotations": load_balancer_annotations(tier),
        "disruptionBudget": tier.most_replicas > 1,
        "progressDeadlineSeconds": max(600, 300 + tier.get("health", "startupSeconds", default=0)),
        **({"autoscaling": autoscaling(tier)} if tier.get("autoscaling") is not None else {}),
    }


def _scheduled(tier: Tier) -> Values:
    late = int(tier.get("job", "startWithinSeconds", default=300))
    job = {**_job(tier, "job", timeout=3600, retries=2), "startWithinSeconds": late}
    return {"job": job, "timeZone": tier.get("timeZone", default="Etc/UTC")}


def _job(tier: Tier, section: str, *, timeout: int, retries: int) -> Values:
    return {
        "timeoutSeconds": tier.get(section, "timeoutSeconds", default=timeout),
        "retries": tier.get(section, "retries", default=retries),
    }


def environment_variables(tier: Tier) -> Iterator[Values]:
    """The user's own come last, so that they may quote the others as $(NAME)."""
    secrets = sorted(tier.get("secretEnv", default={}).items())
    variables: dict[str, Values] = {}
    for _, provision in tier.backing:
        variables |= provision.variables
    variables |= {name: from_secret(source["secret"], source["key"]) for name, source in secrets}
    variables |= {
        name: {"value": text} for name, text in sorted(tier.get("env", default={}).items())
    }
    for name, source in variables.items():
        yield {"name": name, **source}


def ports(tier: Tier) -> list[Values]:
    """The container's ports by name; a port that has two uses keeps the first name."""
    metrics = tier.metrics_port if tier.get("metrics") is not None else None
    health = tier.get("health", "port")
    named: dict[int, str] = {}
    for name, port in (("http", tier.get("port")), ("metrics", metrics), ("health", health)):
        if port is not None:
            named.setdefault(port, name)
    return [{"name": name, "port": port} for port, name in named.items()]


def metrics(tier: Tier) -> Values:
    port, *_ = [port["name"] for port in ports(tier) if port["port"] == tier.metrics_port]
    return {"port": port, "path": tier.get("metrics", "path", default="/metrics")}


def probes(tier: Tier) -> Values:
    """Readiness asks whether the tier can serve; liveness only whether the process works, so
    that a backing service that is away never restarts the tiers. A start has time of its own."""
    ready, alive = _ready(tier), _alive(tier)
    timeout = tier.get("health", "timeoutSeconds", default=1)
    startup = tier.get("health", "startupSeconds")
    values: Values = {}
    if startup is not None and alive:
        tries = -(-startup // STARTUP_PERIOD_SECONDS)
        values["startupProbe"] = alive | _pace(STARTUP_PERIOD_SECONDS, timeout, tries)
    if ready:
        values["readinessProbe"] = ready | _pace(5, timeout, 3)
    if alive:
        values["livenessProbe"] = alive | _pace(max(10, timeout), timeout, 6)
    return values


def _ready(tier: Tier) -> Values:
    path = tier.health_path
    return _http(tier, path) if path is not None else _without_path(tier)


def _alive(tier: Tier) -> Values:
    path = tier.get("health", "livenessPath")
    return _http(tier, path) if path is not None else _without_path(tier)


def _without_path(tier: Tier) -> Values:
    command = tier.get("health", "command")
    if command:
        return {"exec": {"command": command}}
    return {"tcpSocket": {"port": tier.health_port}} if tier.health_port is not None else {}


def _http(tier: Tier, path: str) -> Values:
    return {"httpGet": {"path": path, "port": tier.health_port}}


def _pace(period: int, timeout: int, tries: int) -> Values:
    return {"periodSeconds": period, "timeoutSeconds": timeout, "failureThreshold": tries}


def autoscaling(tier: Tier) -> Values:
    most = tier.most_replicas
    targets = {name: tier.get("autoscaling", name) for name in ("cpu", "memory")}
    targets = {name: target for name, target in targets.items() if target is not None}
    return {
        "minReplicas": tier.get("autoscaling", "minReplicas", default=min(2, most)),
        "maxReplicas": most,
        "targets": targets or {"cpu": 70},
    }


def load_balancer_annotations(tier: Tier) -> dict[str, str]:
    """On the Service, where they go before the Ingress' own: each tier's check differs."""
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
        "target-group-attributes": _deregistration(tier),
    }
    return {
        f"alb.ingress.kubernetes.io/{name}": str(setting)
        for name, setting in settings.items()
        if setting is not None
    }


def _deregistration(tier: Tier) -> str | None:
    drain = tier.get("drainSeconds")
    return None if drain is None else f"deregistration_delay.timeout_seconds={drain}"
