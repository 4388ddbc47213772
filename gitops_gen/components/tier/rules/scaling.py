"""How many Pods, and how large."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import quantities
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Finding

METRICS = "metrics-server"


def findings(tier: Tier) -> Iterator[Finding]:
    resources = tier.at("resources")
    yield from quantities.limits_below_requests(tier.environment, resources, "tier-limits")
    if tier.get("autoscaling") is not None and not tier.scheduled:
        yield from _replicas(tier)
        yield from _range(tier)
        yield from _requests(tier)
        yield from _metrics_server(tier)


def _replicas(tier: Tier) -> Iterator[Finding]:
    if tier.get("replicas") is not None and tier.written("replicas"):
        yield tier.finding(
            "tier-replicas-autoscaling",
            ("replicas",),
            f"autoscaling ({tier.position('autoscaling', key=True)}) sets the number of Pods; "
            "remove one of the two (`replicas: null` removes what a lower layer wrote)",
        )


def _range(tier: Tier) -> Iterator[Finding]:
    low, high = (tier.get("autoscaling", key) for key in ("minReplicas", "maxReplicas"))
    if low is not None and high is not None and low > high:
        message = f"{low} is more than maxReplicas, {high}; lower it or raise maxReplicas"
        yield tier.finding("tier-autoscaling-range", ("autoscaling", "minReplicas"), message)


def _requests(tier: Tier) -> Iterator[Finding]:
    written = [name for name in ("cpu", "memory") if tier.get("autoscaling", name) is not None]
    for name in written or ["cpu"]:
        if tier.get("resources", "requests", name) is None:
            yield tier.finding(
                "tier-autoscaling-request",
                ("autoscaling", name) if written else ("autoscaling",),
                f"use is measured in percent of the request, and {name} has none; "
                f"add resources.requests.{name}",
            )


def _metrics_server(tier: Tier) -> Iterator[Finding]:
    """Where it is not said what EKS has, nothing is known; an add-on of that name would do too."""
    installed = tier.environment.get("cluster", "eksAddons")
    added = tier.environment.get("addons", METRICS, "enabled")
    if installed is None or METRICS in installed or added:
        return
    at = tier.environment.position(("cluster", "eksAddons"), key=True)
    message = (
        f"nothing measures use: '{METRICS}' is none of the cluster's add-ons ({at}); have "
        f"Terraform install it and import again, or add it as addons.{METRICS}"
    )
    yield tier.finding(
        "tier-autoscaling-metrics", ("autoscaling",), message, key=True, warning=True
    )
