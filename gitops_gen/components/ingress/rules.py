"""What the schema of `ingress` cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.ingress.routes import NAME, Route, routes
from gitops_gen.model import Environment, Finding, Path, Severity

SUBNETS = {"internet-facing": "publicSubnetCidrs", "internal": "privateSubnetCidrs"}
RESERVED_TAGS = ("aws:", "elbv2.k8s.aws/", "ingress.k8s.aws/", "kubernetes.io/cluster/")
CONTROLLER = "aws-load-balancer-controller"
RULES_OF_AN_ALB = 100


def findings(environment: Environment) -> Iterator[Finding]:
    found = routes(environment)
    if not found or not environment.enabled(NAME):
        return
    yield from _controller(environment)
    yield from _subnets(environment)
    yield from _pod_ports(environment, found)
    yield from _arns(environment)
    yield from _inbound(environment)
    yield from _tags(environment)
    yield from _quota(environment, found)


def _controller(environment: Environment) -> Iterator[Finding]:
    if environment.enabled("addons", CONTROLLER):
        return
    if CONTROLLER not in environment.get("cluster", "eksAddons", default=()):
        text = (
            "is off, so no load balancer is made unless somebody else runs the controller; "
            "switch it on, or the Ingress off (ingress.enabled: false)"
        )
        path = ("addons", CONTROLLER, "enabled")
        yield environment.finding("ingress-controller", path, text, severity=Severity.WARNING)


def _subnets(environment: Environment) -> Iterator[Finding]:
    scheme = environment.get(NAME, "scheme")
    path = ("cluster", "vpc", SUBNETS[scheme])
    if not environment.get(*path):
        text = (
            f"is missing: the tiers admit an {scheme} load balancer by its subnets' CIDRs; "
            "give them, or import the cluster from Terraform"
        )
        yield environment.finding("ingress-subnet-cidrs", path, text)


def _pod_ports(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    """The load balancer sends requests and health checks straight to the Pods."""
    first, last = (environment.get("cluster", "podPorts", key) for key in ("from", "to"))
    if first is None or last is None:
        return
    for tier in sorted({route.tier for route in found}):
        for path in (("tiers", tier, "port"), ("tiers", tier, "health", "port")):
            port = environment.get(*path)
            if port is not None and not first <= port <= last:
                opened = environment.position(("cluster", "podPorts"), key=True)
                text = (
                    f"{port} is none of {first} to {last}, which the nodes open to the load "
                    f"balancer ({opened}); listen on one of those"
                )
                yield environment.finding("ingress-pod-ports", path, text)


def _arns(environment: Environment) -> Iterator[Finding]:
    """arn:partition:service:region:account:resource; an ALB takes them from its own place."""
    places = {3: ("region", "region"), 4: ("account", "accountId")}
    for key in ("certificateArn", "wafAclArn"):
        arn = environment.get(NAME, key)
        for part, (word, fact) in places.items() if arn else ():
            here, there = environment.get("cluster", fact), arn.split(":")[part]
            if here is not None and there != here:
                text = (
                    f"is of {word} {there}, but cluster.{fact} is {here} "
                    f"({environment.position(('cluster', fact))}); give one of the cluster's"
                )
                yield environment.finding("ingress-arn", (NAME, key), text)


def _inbound(environment: Environment) -> Iterator[Finding]:
    if environment.get(NAME, "securityGroups") and _written(environment, (NAME, "inboundCidrs")):
        groups = environment.position((NAME, "securityGroups"), key=True)
        text = (
            f"has no effect beside securityGroups ({groups}), which say themselves who may "
            "connect; remove one of the two"
        )
        yield environment.finding("ingress-inbound-cidrs", (NAME, "inboundCidrs"), text, key=True)


def _tags(environment: Environment) -> Iterator[Finding]:
    for key in environment.get(NAME, "tags", default={}):
        if key.startswith(RESERVED_TAGS):
            text = "is a tag of AWS' or the controller's own, which refuse it; take another key"
            yield environment.finding("ingress-tag", (NAME, "tags", key), text, key=True)


def _quota(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    hosts = environment.get(NAME, "hosts", default=[""])
    if len(hosts) * len(found) > RULES_OF_AN_ALB:
        text = (
            f"{len(hosts)} hosts times {len(found)} paths are more than the {RULES_OF_AN_ALB} "
            "rules that an ALB has by default; have the quota raised"
        )
        yield environment.finding(
            "ingress-rules-quota", (NAME, "hosts"), text, severity=Severity.WARNING
        )


def _written(environment: Environment, path: Path) -> bool:
    mark = environment.sources.get(path)
    return mark is not None and not mark.default
