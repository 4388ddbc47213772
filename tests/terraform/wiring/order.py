"""Required dependencies, which determine the order in which Terraform creates and destroys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from wiring.found import INDEX, Found
from wiring.wanted import Wanted

# A resource, the reason why it must wait, and the resources that it waits for.
Order: TypeAlias = tuple[tuple[str, str, tuple[str, ...]], ...]

_ROUTES = ("module.network.aws_route_table_association.this", "module.network.aws_route.default")
_RULES = (
    "module.security_groups.aws_vpc_security_group_ingress_rule.this",
    "module.security_groups.aws_vpc_security_group_egress_rule.this",
)
_CLUSTER = "module.cluster.aws_eks_cluster.this"
_FIRST_ADDONS = "module.cluster.aws_eks_addon.first"
_CNI_ROLE = "module.cluster.module.cni_role"
_NODES = "module.cluster.aws_eks_node_group.zone"
_ROLES = "module.addons.module.role"
_POLICIES = ("aws_iam_role_policy_attachment.this", "aws_iam_role_policy.this")
_PODS = "aws_eks_pod_identity_association.this"

INFRA: Order = (
    (
        "module.network.aws_nat_gateway.this",
        "AWS makes none in a VPC without a way out",
        ("module.network.aws_internet_gateway.this",),
    ),
    (
        "module.network.aws_flow_log.this",
        "it is refused while its role may not write",
        ("module.network.module.flow_role.aws_iam_role_policy.this",),
    ),
    (
        _CLUSTER,
        "without its policy it cannot be made or deleted; the log group would be EKS' own",
        (
            "module.cluster.module.role.aws_iam_role_policy_attachment.this",
            "module.cluster.aws_cloudwatch_log_group.this",
            *_ROUTES,
            *_RULES,
        ),
    ),
    (
        _FIRST_ADDONS,
        "the first Pods get their role when they are admitted",
        (f"{_CNI_ROLE}.{_PODS}", f"{_CNI_ROLE}.{_POLICIES[0]}"),
    ),
    (
        _NODES,
        "a node without its network and its role never becomes Ready",
        (
            _FIRST_ADDONS,
            *_ROUTES,
            *_RULES,
            "module.cluster.module.role.aws_iam_role_policy_attachment.this",
            "module.network.aws_nat_gateway.this",
        ),
    ),
    (
        "module.addons.aws_eks_addon.this",
        "Pods need nodes, get their role when they are admitted, and must find their log groups",
        (
            _NODES,
            *(f"{_ROLES}.{one}" for one in (_PODS, *_POLICIES)),
            "module.addons.aws_cloudwatch_log_group.container_insights",
            "module.cluster.aws_eks_access_policy_association.this",
        ),
    ),
    *(
        (
            f"{role}.{_PODS}",
            "Pods that have the role must have its rights too",
            tuple(f"{role}.{one}" for one in _POLICIES),
        )
        for role in (_CNI_ROLE, _ROLES)
    ),
    (
        "module.addons.aws_dlm_lifecycle_policy.snapshots",
        "it is refused while its role may do nothing",
        ("module.addons.module.snapshots_role.aws_iam_role_policy_attachment.this",),
    ),
)


def of_infra(want: Wanted) -> Order:
    """Omits the resources that do not exist with an existing VPC."""
    if not want.existing_vpc:
        return INFRA
    return tuple(
        (address, why, tuple(one for one in needs if not one.startswith("module.network.")))
        for address, why, needs in INFRA
        if not address.startswith("module.network.")
    )


def findings(found: Found, order: Order) -> Iterator[str]:
    for address, why, needs in order:
        made = [one for one in found.made if INDEX.sub("", one.address) == address]
        if not made:
            yield f"{address}: is not made"
        for one in made:
            for missing in sorted(set(needs) - one.depends_on):
                yield f"{one.address}: does not wait for {missing}, and {why}"
