"""Rules for the number and the size of Pods."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import quantities
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

METRICS = "metrics-server"
DEFAULT_TARGET = 70
"""The target CPU utilization in percent, if the values contain no target."""

LIMITS = Rule(
    "tier-limits",
    title="A tier's limits are not below its requests",
    why="The API server rejects a container whose limit is below its request.",
    remedy="Increase the limit, or decrease the request.",
)
REPLICAS = Rule(
    "tier-replicas-autoscaling",
    title="A tier has either a number of replicas or autoscaling",
    why="Argo CD would reset the number of Pods whenever the autoscaler has changed it.",
    remedy="Remove one of the two; `replicas: null` removes the value of a lower layer.",
)
RANGE = Rule(
    "tier-autoscaling-range",
    title="minReplicas is not greater than maxReplicas",
    why="The API server rejects a HorizontalPodAutoscaler with such a range.",
    remedy="Decrease `minReplicas`, or increase `maxReplicas`.",
)
REQUEST = Rule(
    "tier-autoscaling-request",
    title="A tier that is scaled by a resource requests that resource",
    why="The autoscaler computes utilization in percent of the request and needs one to work.",
    remedy="Add the request under `resources.requests`.",
)
DEFAULT_REQUEST = Rule(
    "tier-autoscaling-default-request",
    title="A tier that is scaled by CPU sets its own CPU request",
    why="The autoscaler compares the usage with the request. The default request is small, so that "
    "ordinary idle work can already be above the target, and all Pods run all the time.",
    remedy="Write `resources.requests.cpu`, the CPU that one Pod uses under normal load. If the "
    "default request is right, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
NO_METRICS = Rule(
    "tier-autoscaling-metrics",
    title="Autoscaling has metrics-server",
    why="Without metrics-server, the autoscaler has no measurements and does not change the number "
    "of Pods. According to the values, the cluster does not have it.",
    remedy="Have Terraform install it and import the cluster again, or enable the add-on. If the "
    "cluster has another source of resource metrics, excuse the finding.",
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
            yield from _default_request(tier)
            yield from _metrics_server(tier)


def _replicas(tier: Tier) -> Iterator[Finding]:
    if tier.get("replicas") is not None and tier.written("replicas"):
        place = tier.position("autoscaling", key=True)
        yield tier.finding(
            REPLICAS,
            ("replicas",),
            f"autoscaling ({place}) sets the number of Pods; "
            "remove one of the two (`replicas: null` removes the value of a lower layer)",
            related=(Related(place, "autoscaling"),),
        )


def _range(tier: Tier) -> Iterator[Finding]:
    low, high = (tier.get("autoscaling", key) for key in ("minReplicas", "maxReplicas"))
    if low is not None and high is not None and low > high:
        message = f"{low} is greater than maxReplicas, {high}; decrease it or increase maxReplicas"
        yield tier.finding(RANGE, ("autoscaling", "minReplicas"), message)


def _requests(tier: Tier) -> Iterator[Finding]:
    written = [name for name in ("cpu", "memory") if tier.get("autoscaling", name) is not None]
    for name in written or ["cpu"]:
        if tier.get("resources", "requests", name) is None:
            yield tier.finding(
                REQUEST,
                ("autoscaling", name) if written else ("autoscaling",),
                f"utilization is a percentage of the request, and {name} has no request; "
                f"add resources.requests.{name}",
            )


def _default_request(tier: Tier) -> Iterator[Finding]:
    """Yields a finding if the target is a percentage of the default request."""
    target, memory = (tier.get("autoscaling", name) for name in ("cpu", "memory"))
    request = tier.get("resources", "requests", "cpu")
    by_cpu = target is not None or memory is None
    if by_cpu and request is not None and not tier.written("resources", "requests", "cpu"):
        written = target is not None
        message = (
            f"{target or DEFAULT_TARGET} percent of the default request {request} is very little "
            "CPU, so that all Pods may run at idle; set resources.requests.cpu"
        )
        path = ("autoscaling", "cpu") if written else ("autoscaling",)
        yield tier.finding(DEFAULT_REQUEST, path, message, key=not written)


def _metrics_server(tier: Tier) -> Iterator[Finding]:
    """Yields a finding if the EKS add-ons are known and metrics-server is not installed."""
    installed = tier.environment.get("cluster", "eksAddons")
    added = tier.environment.get("addons", METRICS, "enabled")
    if installed is None or METRICS in installed or added:
        return
    at = tier.environment.position(("cluster", "eksAddons"), key=True)
    message = (
        f"has no effect without '{METRICS}', which is not an EKS add-on of the cluster ({at}); "
        "have Terraform install it and import the cluster again, or set "
        f"addons.{METRICS}.enabled: true"
    )
    related = (Related(at, "the cluster's add-ons"),)
    yield tier.finding(NO_METRICS, ("autoscaling",), message, key=True, related=related)
