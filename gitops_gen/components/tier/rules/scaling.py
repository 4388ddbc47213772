"""How many Pods, and how large."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import quantities
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

METRICS = "metrics-server"

LIMITS = Rule(
    "tier-limits",
    title="A tier's limits are not below its requests",
    why="The API server refuses a container whose limit is below its request.",
    remedy="Raise the limit, or lower the request.",
)
REPLICAS = Rule(
    "tier-replicas-autoscaling",
    title="A tier has either a number of replicas or autoscaling",
    why="Argo CD would set the number of Pods back whenever the autoscaler has changed it.",
    remedy="Remove one of the two; `replicas: null` removes what a lower layer wrote.",
)
RANGE = Rule(
    "tier-autoscaling-range",
    title="minReplicas is not more than maxReplicas",
    why="The API server refuses a HorizontalPodAutoscaler with such a range.",
    remedy="Lower `minReplicas`, or raise `maxReplicas`.",
)
REQUEST = Rule(
    "tier-autoscaling-request",
    title="A tier that is scaled by its use of a resource requests that resource",
    why="The autoscaler measures use in percent of the request; without one it does nothing.",
    remedy="Add the request under `resources.requests`.",
)
NO_METRICS = Rule(
    "tier-autoscaling-metrics",
    title="Autoscaling has metrics-server to measure use",
    why="Without metrics-server the autoscaler knows no use and leaves the number of Pods as it "
    "is. The values say that the cluster does not have it.",
    remedy="Have Terraform install it and import the cluster again, or add it as an add-on. If "
    "something else measures use, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        resources = tier.at("resources")
        yield from quantities.limits_below_requests(environment, resources, LIMITS)
        if tier.get("autoscaling") is not None and not tier.scheduled:
            yield from _replicas(tier)
            yield from _range(tier)
            yield from _requests(tier)
            yield from _metrics_server(tier)


def _replicas(tier: Tier) -> Iterator[Finding]:
    if tier.get("replicas") is not None and tier.written("replicas"):
        place = tier.position("autoscaling", key=True)
        yield tier.finding(
            REPLICAS,
            ("replicas",),
            f"autoscaling ({place}) sets the number of Pods; "
            "remove one of the two (`replicas: null` removes what a lower layer wrote)",
            related=(Related(place, "autoscaling"),),
        )


def _range(tier: Tier) -> Iterator[Finding]:
    low, high = (tier.get("autoscaling", key) for key in ("minReplicas", "maxReplicas"))
    if low is not None and high is not None and low > high:
        message = f"{low} is more than maxReplicas, {high}; lower it or raise maxReplicas"
        yield tier.finding(RANGE, ("autoscaling", "minReplicas"), message)


def _requests(tier: Tier) -> Iterator[Finding]:
    written = [name for name in ("cpu", "memory") if tier.get("autoscaling", name) is not None]
    for name in written or ["cpu"]:
        if tier.get("resources", "requests", name) is None:
            yield tier.finding(
                REQUEST,
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
    related = (Related(at, "the cluster's add-ons"),)
    yield tier.finding(NO_METRICS, ("autoscaling",), message, key=True, related=related)
