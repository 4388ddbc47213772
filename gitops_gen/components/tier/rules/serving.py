"""Rules for the ports, health checks and metrics of a tier."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Rule, Severity

LARGEST_SUCCESS_CODE = 399

PORT_PRIVILEGED = Rule(
    "tier-port-privileged",
    title="A tier listens on port 1024 or above",
    why="Containers run as an unprivileged user, which cannot open lower ports.",
    remedy="Let the process listen on port 1024 or above, and set that port.",
)
PATH_WITHOUT_PORT = Rule(
    "tier-path-without-port",
    title="A tier with a path has a port",
    why="The load balancer sends the requests for the path to the tier's port.",
    remedy="Add `port`, or remove `path`.",
)
HEALTH_PATH = Rule(
    "tier-health-path",
    title="A tier behind the load balancer has a health path",
    why="The load balancer sends requests only to healthy Pods, and a tier with another path than "
    "/ usually does not serve /.",
    remedy="Add `health.path`, for example the tier's path followed by /healthz.",
)
HEALTH_PORT = Rule(
    "tier-health-port",
    title="A health check has a port",
    why="An HTTP probe needs a port on which the tier listens.",
    remedy="Add `port` or `health.port`, or use `health.command`.",
)
METRICS_PORT = Rule(
    "tier-metrics-port",
    title="Metrics have a port",
    why="Prometheus reads metrics over HTTP, and this tier has no port.",
    remedy="Add `metrics.port`, or remove `metrics`.",
)
METRICS_PUBLIC = Rule(
    "tier-metrics-public",
    title="Metrics are not reachable through the load balancer",
    why="The metrics have the tier's port and are below the path that the Ingress routes, so every "
    "client of the load balancer can read them.",
    remedy="Serve the metrics on another port and set it as `metrics.port`. If they may be public, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
SUCCESS_CODES = Rule(
    "tier-success-codes",
    title="The success codes are codes that the kubelet accepts too",
    why="The readiness probe reads the same path and accepts only 200 to 399. A Pod that answers "
    "with another code never gets requests.",
    remedy="Write codes from 200 to 399, and ranges from the lower to the higher code.",
)
GRACE_PERIOD = Rule(
    "tier-grace-period",
    title="A Pod has time to stop after draining",
    why="terminationGracePeriodSeconds includes draining. When it is over, the kubelet kills the "
    "process.",
    remedy="Increase `terminationGracePeriodSeconds`, or decrease `drainSeconds`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        yield from _privileged(tier)
        if not tier.scheduled:
            yield from _path(tier)
            yield from _health(tier)
            yield from _success_codes(tier)
            yield from _metrics(tier)
            yield from _grace(tier)


def _privileged(tier: Tier) -> Iterator[Finding]:
    for path in (("port",), ("health", "port"), ("metrics", "port")):
        port = tier.get(*path)
        if port is not None and port < 1024:
            yield tier.finding(
                PORT_PRIVILEGED,
                path,
                f"port {port} requires privileges that the container does not have; "
                "let the process listen on port 1024 or above",
            )


def _path(tier: Tier) -> Iterator[Finding]:
    path = tier.get("path")
    if path is not None and tier.get("port") is None:
        yield tier.finding(
            PATH_WITHOUT_PORT,
            ("path",),
            f"'{path}' is routed to a tier without a port; add the port, or remove the path",
        )
    if path is not None and tier.health_path is None:
        yield tier.finding(
            HEALTH_PATH,
            ("path",),
            f"a tier with the path '{path}' needs a health path, because it does not serve '/'; "
            f"add health.path, for example '{path}/healthz'",
        )


def _health(tier: Tier) -> Iterator[Finding]:
    for key in ("path", "livenessPath"):
        if tier.get("health", key) is not None and tier.health_port is None:
            yield tier.finding(
                HEALTH_PORT,
                ("health", key),
                "the health path has no port; add port or health.port, or use health.command",
            )


def _success_codes(tier: Tier) -> Iterator[Finding]:
    for codes in tier.get("health", "successCodes", default="200").split(","):
        if problem := _codes_problem(codes):
            message = f"'{codes}' {problem}"
            yield tier.finding(SUCCESS_CODES, ("health", "successCodes"), message)


def _codes_problem(codes: str) -> str | None:
    low, _, high = codes.partition("-")
    if high and int(high) < int(low):
        return f"runs backwards; write {high}-{low}"
    if int(low) > LARGEST_SUCCESS_CODE:
        return "is never accepted by the readiness probe of the kubelet; write 200 to 399"
    return None


def _metrics(tier: Tier) -> Iterator[Finding]:
    if tier.get("metrics") is None:
        return
    if tier.metrics_port is None:
        message = "a tier without a port cannot serve metrics; add metrics.port"
        yield tier.finding(METRICS_PORT, ("metrics",), message)
    elif tier.metrics_port == tier.get("port") and _is_routed(tier):
        message = (
            "every client of the load balancer can read the metrics; "
            "serve them on a separate port (metrics.port)"
        )
        yield tier.finding(METRICS_PUBLIC, ("metrics",), message)


def _is_routed(tier: Tier) -> bool:
    """Whether the Ingress also routes the path of the metrics."""
    prefix = tier.get("path")
    path = tier.get("metrics", "path", default="/metrics")
    return prefix is not None and f"{path}/".startswith(f"{prefix.rstrip('/')}/")


def _grace(tier: Tier) -> Iterator[Finding]:
    grace = tier.get("terminationGracePeriodSeconds", default=30)
    if grace <= tier.pre_stop_seconds:
        yield tier.finding(
            GRACE_PERIOD,
            ("terminationGracePeriodSeconds",),
            f"{grace} s leave the process no time to stop after draining "
            f"({tier.pre_stop_seconds} s); increase it or decrease drainSeconds",
        )
