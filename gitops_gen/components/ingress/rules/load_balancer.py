"""Rules for settings that AWS or the load balancer controller would reject or ignore."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.ingress.routes import NAME, Route, routes
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

RESERVED_TAGS = ("aws:", "elbv2.k8s.aws/", "ingress.k8s.aws/", "kubernetes.io/cluster/")
RULES_OF_AN_ALB = 100

ARN = Rule(
    "ingress-arn",
    title="Certificate and web ACL belong to the cluster's region and account",
    why="A load balancer can only use certificates and web ACLs of its own region and account.",
    remedy="Use the ARN of a resource in the cluster's region and account.",
)
INBOUND_CIDRS = Rule(
    "ingress-inbound-cidrs",
    title="inboundCidrs is not combined with securityGroups",
    why="The controller uses inboundCidrs only for a security group that it creates. With your own "
    "security groups it has no effect, and more addresses may be allowed than you expect.",
    remedy="Remove one of the two. Security groups define which addresses may connect.",
)
TAG = Rule(
    "ingress-tag",
    title="The load balancer's tags do not have reserved keys",
    why="AWS and the load balancer controller reject tags whose keys they reserve.",
    remedy="Use another key.",
)
RULES_QUOTA = Rule(
    "ingress-rules-quota",
    title="The load balancer has at most 100 listener rules",
    why="Each host with each path is one rule, and the default quota of AWS for an ALB is 100. The "
    "controller cannot create more.",
    remedy="Request a higher quota from AWS. After it is increased, excuse the finding.",
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
    """Yields findings for ARNs (arn:partition:service:region:account:resource) elsewhere."""
    places = {3: ("region", "region"), 4: ("account", "accountId")}
    for key in ("certificateArn", "wafAclArn"):
        arn = environment.get(NAME, key)
        for part, (word, fact) in places.items() if arn else ():
            of_cluster, of_arn = environment.get("cluster", fact), arn.split(":")[part]
            if of_cluster is not None and of_arn != of_cluster:
                place = environment.position(("cluster", fact))
                text = (
                    f"belongs to {word} {of_arn}, but cluster.{fact} is {of_cluster} "
                    f"({place}); use one that belongs to the {word} of the cluster"
                )
                related = (Related(place, f"cluster.{fact}"),)
                yield environment.finding(ARN, (NAME, key), text, related=related)


def _inbound(environment: Environment) -> Iterator[Finding]:
    if environment.get(NAME, "securityGroups") and environment.written(NAME, "inboundCidrs"):
        groups = environment.position((NAME, "securityGroups"), key=True)
        text = (
            f"has no effect together with securityGroups ({groups}), which define which addresses "
            "may connect; remove one of the two"
        )
        path, related = (NAME, "inboundCidrs"), (Related(groups, "the security groups"),)
        yield environment.finding(INBOUND_CIDRS, path, text, key=True, related=related)


def _tags(environment: Environment) -> Iterator[Finding]:
    for key in environment.get(NAME, "tags", default={}):
        if key.startswith(RESERVED_TAGS):
            text = "is reserved by AWS or the AWS Load Balancer Controller; use another key"
            yield environment.finding(TAG, (NAME, "tags", key), text, key=True)


def _quota(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    hosts = environment.get(NAME, "hosts", default=[""])
    if len(hosts) * len(found) > RULES_OF_AN_ALB:
        text = (
            f"{len(hosts)} hosts times {len(found)} paths are more than the {RULES_OF_AN_ALB} "
            "rules that an ALB has by default; request a higher quota"
        )
        yield environment.finding(RULES_QUOTA, (NAME, "hosts"), text)
