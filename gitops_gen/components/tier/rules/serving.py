"""What a tier listens on, and who asks whether it is well."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Finding


def findings(tier: Tier) -> Iterator[Finding]:
    yield from _privileged(tier)
    if tier.scheduled:
        return
    yield from _path(tier)
    yield from _health(tier)
    yield from _metrics(tier)
    yield from _grace(tier)


def _privileged(tier: Tier) -> Iterator[Finding]:
    for path in (("port",), ("health", "port"), ("metrics", "port")):
        port = tier.get(*path)
        if port is not None and port < 1024:
            yield tier.finding(
                "tier-port-privileged",
                path,
                f"{port} needs privileges that the container does not have; "
                "let the process listen on 1024 or more",
            )


def _path(tier: Tier) -> Iterator[Finding]:
    path = tier.get("path")
    if path is not None and tier.get("port") is None:
        yield tier.finding(
            "tier-path-without-port",
            ("path",),
            f"'{path}' is routed to a tier without a port; add the port, or remove the path",
        )
    if path is not None and tier.health_path is None:
        yield tier.finding(
            "tier-health-path",
            ("path",),
            f"nobody can tell whether a tier at '{path}' is well, as it does not answer on '/'; "
            f"add health.path, for instance '{path}/healthz'",
        )


def _health(tier: Tier) -> Iterator[Finding]:
    for key in ("path", "livenessPath"):
        if tier.get("health", key) is not None and tier.health_port is None:
            yield tier.finding(
                "tier-health-port",
                ("health", key),
                "nothing listens for it: add port or health.port, or use health.command",
            )


def _metrics(tier: Tier) -> Iterator[Finding]:
    if tier.get("metrics") is None:
        return
    if tier.metrics_port is None:
        message = "a tier without a port shows metrics nowhere; add metrics.port"
        yield tier.finding("tier-metrics-port", ("metrics",), message)
    elif tier.metrics_port == tier.get("port") and _below(tier):
        message = (
            "whoever reaches the load balancer reads the metrics too; "
            "show them on a port of their own (metrics.port)"
        )
        yield tier.finding("tier-metrics-public", ("metrics",), message, warning=True)


def _below(tier: Tier) -> bool:
    """Whether the Ingress routes the metrics' path too."""
    prefix = tier.get("path")
    path = tier.get("metrics", "path", default="/metrics")
    return prefix is not None and f"{path}/".startswith(f"{prefix.rstrip('/')}/")


def _grace(tier: Tier) -> Iterator[Finding]:
    grace = tier.get("terminationGracePeriodSeconds", default=30)
    if grace <= tier.pre_stop_seconds:
        yield tier.finding(
            "tier-grace-period",
            ("terminationGracePeriodSeconds",),
            f"{grace} s leave the process no time to stop after draining "
            f"({tier.pre_stop_seconds} s); raise it or lower drainSeconds",
        )
