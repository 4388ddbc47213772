"""Tables of the IAM roles: who may assume each role, and what it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wiring.found import Found, Made
from wiring.wanted import Wanted

PODS = "pods.eks.amazonaws.com"
MANAGED = "arn:aws:iam::aws:policy/"
# The stub returns this as the account of the caller.
CALLER = "111122223333"


@dataclass(frozen=True, slots=True)
class Role:
    """`pods`: the only namespace and ServiceAccount whose Pods take it. `own`: actions -> on what,
    None where another test has the whole policy."""

    service: str
    managed: frozenset[str] = frozenset()
    pods: tuple[str, str] | None = None
    account: str | None = None
    own: Mapping[tuple[str, ...], Any] | None = field(default_factory=dict)


def must_exist(want: Wanted) -> dict[str, Role]:
    roles = {
        "eks": Role("eks.amazonaws.com", _aws("AmazonEKSClusterPolicy")),
        "node": Role(
            "ec2.amazonaws.com",
            _aws(
                "AmazonEKSWorkerNodePolicy",
                "AmazonEC2ContainerRegistryPullOnly",
                "AmazonSSMManagedInstanceCore",
            ),
        ),
        # Not part of the role of the node, because every Pod in the host network could use that.
        "vpc-cni": Role(PODS, _aws("AmazonEKS_CNI_Policy"), ("kube-system", "aws-node")),
        "ebs-csi": Role(
            PODS, _aws("AmazonEBSCSIDriverPolicyV2"), ("kube-system", "ebs-csi-controller-sa")
        ),
        "cloudwatch": Role(
            PODS,
            _aws("CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"),
            ("amazon-cloudwatch", "cloudwatch-agent"),
        ),
        "aws-load-balancer-controller": Role(
            PODS, pods=("kube-system", "aws-load-balancer-controller"), own=None
        ),
        "snapshots": Role(
            "dlm.amazonaws.com",
            _aws("service-role/AWSDataLifecycleManagerServiceRole"),
            account=CALLER,
        ),
    }
    if not want.existing_vpc:
        roles["flow-logs"] = Role(
            "vpc-flow-logs.amazonaws.com",
            account=CALLER,
            own={
                ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"): (
                    f"log group /aws/vpc/{want.name}/flow-logs:*"
                )
            },
        )
    if "external-secrets" in want.addon_roles:
        roles["external-secrets"] = Role(
            PODS,
            pods=("external-secrets", "external-secrets"),
            own={
                ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"): (
                    f"arn:aws:secretsmanager:{want.region}:{CALLER}:secret:{want.name}/*"
                )
            },
        )
    return {f"{want.name}-{name}": role for name, role in roles.items()}


def _aws(*names: str) -> frozenset[str]:
    return frozenset(MANAGED + name for name in names)


def findings(found: Found, wanted: Mapping[str, Role], cluster: str) -> Iterator[str]:
    made = {str(one.get("name")): one for one in found.of("aws_iam_role")}
    for name in sorted({*made, *wanted}):
        if name not in wanted:
            yield f"role {name}: no table states it"
        elif name not in made:
            yield f"role {name}: is not made"
        else:
            yield from _differences(found, made[name], wanted[name], cluster)
    roles = {role.pods for role in wanted.values() if role.pods}
    for one in found.of("aws_eks_pod_identity_association"):
        if (one.get("namespace"), one.get("service_account")) not in roles:
            yield f"{one.label}: no table states it"


def _differences(found: Found, made: Made, wanted: Role, cluster: str) -> Iterator[str]:
    name = str(made.get("name"))
    trust = made.get("assume_role_policy")["Statement"]
    if trust != [_trust(wanted, cluster)]:
        yield f"{made.label}: is taken by {trust}, not by {[_trust(wanted, cluster)]}"
    attached = {
        one.get("policy_arn")
        for one in found.of("aws_iam_role_policy_attachment")
        if one.get("role") == name
    }
    if attached != wanted.managed:
        yield f"{made.label}: has {sorted(attached)}, not {sorted(wanted.managed)}"
    policies = [one for one in found.of("aws_iam_role_policy") if one.get("role") == name]
    if wanted.own is not None and _allowed(policies) != wanted.own:
        yield f"{made.label}: may {_allowed(policies)}, not {wanted.own}"
    if wanted.own is None and len(policies) != 1:
        yield f"{made.label}: has {len(policies)} policies of its own, not one"
    pods = [
        (one.get("cluster_name"), one.get("namespace"), one.get("service_account"))
        for one in found.of("aws_eks_pod_identity_association")
        if one.get("role_arn") == made.label
    ]
    if pods != ([(cluster, *wanted.pods)] if wanted.pods else []):
        yield f"{made.label}: goes to Pods {pods}, not to {wanted.pods}"


def _trust(role: Role, cluster: str) -> dict[str, Any]:
    """Returns the trust policy. EKS sets the tags in it on the session of a Pod."""
    equal = {"aws:SourceAccount": role.account} if role.account else {}
    if role.pods:
        equal = {
            "aws:RequestTag/eks-cluster-name": cluster,
            "aws:RequestTag/kubernetes-namespace": role.pods[0],
            "aws:RequestTag/kubernetes-service-account": role.pods[1],
        }
    actions = ["sts:AssumeRole", "sts:TagSession"] if role.pods else ["sts:AssumeRole"]
    statement = {"Effect": "Allow", "Principal": {"Service": role.service}, "Action": actions}
    return statement | ({"Condition": {"StringEquals": equal}} if equal else {})


def _allowed(policies: list[Made]) -> dict[tuple[str, ...], Any]:
    """Returns any other statement unchanged."""
    allowed: dict[tuple[str, ...], Any] = {}
    for policy in policies:
        for statement in policy.get("policy")["Statement"]:
            plain = statement.keys() == {"Effect", "Action", "Resource"}
            key = tuple(sorted(statement["Action"])) if plain else (str(statement),)
            allowed[key] = statement.get("Resource")
            if statement["Effect"] != "Allow":
                allowed[key] = statement
    return allowed


SETTLED = {
    "aws_iam_role": {"name", "assume_role_policy"},
    "aws_iam_role_policy": {"name", "role", "policy"},
    "aws_iam_role_policy_attachment": {"role", "policy_arn"},
    "aws_eks_pod_identity_association": {
        "cluster_name",
        "namespace",
        "service_account",
        "role_arn",
    },
}
