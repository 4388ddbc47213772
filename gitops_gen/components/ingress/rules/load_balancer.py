"""What AWS and the load balancer controller would refuse of an ALB, or leave without effect."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.ingress.routes import NAME, Route, routes
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

RESERVED_TAGS = ("aws:", "elbv2.k8s.aws/", "ingress.k8s.aws/", "kubernetes.io/cluster/")
RULES_OF_AN_ALB = 100

ARN = Rule(
    "ingress-arn",
    title="Certificate and web ACL are of the cluster's region and account",
    why="A load balancer can only use certificates and web ACLs of its own region and account.",
    remedy="Give the ARN of one in the cluster's region and account.",
)
INBOUND_CIDRS = Rule(
    "ingress-inbound-cidrs",
    title="inboundCidrs is not written beside securityGroups",
    why="The controller uses inboundCidrs for a security group that it makes itself; with "
    "security groups of your own it has no effect, and more addresses could be admitted than you "
    "think.",
    remedy="Remove one of the two, and let the security groups state who may connect.",
)
TAG = Rule(
    "ingress-tag",
    title="The load balancer's tags have keys of your own",
    why="AWS and the load balancer controller refuse tags whose keys they reserve.",
    remedy="Use another key.",
)
RULES_QUOTA = Rule(
    "ingress-rules-quota",
    title="The load balancer has at most 100 listener rules",
    why="Each host with each path is one rule, and AWS' default quota for an ALB is 100; the "
    "controller cannot make more.",
    remedy="Have AWS raise the quota. Once it is raised, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    found = routes(environment)
    if found and environment.enabled(NAME):
        yield from _arns(environment)
        yield from _inbound(environment)
        yield from _tags(environment)
        yield from _quota(environment, found)


def _arns(environment: Environment) -> Iterator[Finding]:
    """arn:partition:service:region:account:resource; an ALB takes them from its own place."""
    places = {3: ("region", "region"), 4: ("account", "accountId")}
    for key in ("certificateArn", "wafAclArn"):
        arn = environment.get(NAME, key)
        for part, (word, fact) in places.items() if arn else ():
            of_cluster, of_arn = environment.get("cluster", fact), arn.split(":")[part]
            if of_cluster is not None and of_arn != of_cluster:
                place = environment.position(("cluster", fact))
                text = (
                    f"is of {word} {of_arn}, but cluster.{fact} is {of_cluster} "
                    f"({place}); give one of the cluster's"
                )
                related = (Related(place, f"cluster.{fact}"),)
                yield environment.finding(ARN, (NAME, key), text, related=related)


def _inbound(environment: Environment) -> Iterator[Finding]:
    if environment.get(NAME, "securityGroups") and environment.written(NAME, "inboundCidrs"):
        groups = environment.position((NAME, "securityGroups"), key=True)
        text = (
            f"has no effect beside securityGroups ({groups}), which say themselves who may "
            "connect; remove one of the two"
        )
        path, related = (NAME, "inboundCidrs"), (Related(groups, "the security groups"),)
        yield environment.finding(INBOUND_CIDRS, path, text, key=True, related=related)


def _tags(environment: Environment) -> Iterator[Finding]:
    for key in environment.get(NAME, "tags", default={}):
        if key.startswith(RESERVED_TAGS):
            text = "is a tag of AWS' or the controller's own, which refuse it; take another key"
            yield environment.finding(TAG, (NAME, "tags", key), text, key=True)


def _quota(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    hosts = environment.get(NAME, "hosts", default=[""])
    if len(hosts) * len(found) > RULES_OF_AN_ALB:
        text = (
            f"{len(hosts)} hosts times {len(found)} paths are more than the {RULES_OF_AN_ALB} "
            "rules that an ALB has by default; have the quota raised"
        )
        yield environment.finding(RULES_QUOTA, (NAME, "hosts"), text)
