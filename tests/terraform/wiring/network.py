"""Tables of the network: VPC, subnets, routes, and allowed connections."""

from __future__ import annotations

from collections.abc import Iterator

from security_groups import ALB, INTERNET, NODE, PLANE, Edge

from wiring.found import Found, Made
from wiring.rows import Rows
from wiring.wanted import Wanted

# The load balancer controller finds subnets by these tags.
_ROLE = {"public": "kubernetes.io/role/elb", "private": "kubernetes.io/role/internal-elb"}


def settings(want: Wanted) -> Rows:
    return {**(_existing(want) if want.existing_vpc else _new(want)), **_groups(want)}


def _existing(want: Wanted) -> Rows:
    """Returns the data sources of an existing VPC, which looks up each subnet by its ID."""
    module = "module.existing_network[0]"
    rows: Rows = {f"{module}.data.aws_vpc.this": {"id": want.existing_vpc}}
    for kind, ids in (("private", want.private_ids), ("public", want.public_ids)):
        for zone, subnet in zip(want.zones, ids, strict=True):
            rows[f'{module}.data.aws_subnet.{kind}["{zone}"]'] = {"id": subnet}
    return rows


def _new(want: Wanted) -> Rows:
    return {
        "VPC": {
            "cidr_block": want.cidr,
            "enable_dns_support": True,  # nodes resolve the private address of the API server
            "enable_dns_hostnames": True,
            "tags": {"Name": want.name},
        },
        # Has no rules, so a resource without a named security group is closed.
        "default security group": {
            "vpc_id": "VPC",
            "tags": {"Name": f"{want.name}-default-closed"},
        },
        "Internet gateway": {"vpc_id": "VPC"},
        **_subnets(want),
        **_nat(want),
        f"endpoint com.amazonaws.{want.region}.s3": {
            "vpc_id": "VPC",
            "service_name": f"com.amazonaws.{want.region}.s3",
            # Nodes in the private subnets pull image layers from S3.
            "route_table_ids": [f"route table {zone}" for zone in want.zones],
        },
        "flow log": {
            "vpc_id": "VPC",
            "traffic_type": "ALL",
            "iam_role_arn": f"role {want.name}-flow-logs",
            "log_destination": f"log group /aws/vpc/{want.name}/flow-logs",
        },
        f"log group /aws/vpc/{want.name}/flow-logs": {
            "name": f"/aws/vpc/{want.name}/flow-logs",
            "retention_in_days": want.log_days,
            "skip_destroy": True,  # the log remains as evidence if an intruder destroys the VPC
        },
    }


def _subnets(want: Wanted) -> Rows:
    ranges = {"public": want.public, "private": want.private}
    return {
        f"subnet {want.name}-{kind}-{zone}": {
            "vpc_id": "VPC",
            "availability_zone": zone,
            "cidr_block": cidr,
            "tags": {"Name": f"{want.name}-{kind}-{zone}", _ROLE[kind]: "1"},
        }
        for kind, cidrs in ranges.items()
        for zone, cidr in zip(want.zones, cidrs, strict=True)
    }


def _nat(want: Wanted) -> Rows:
    """Returns the NAT gateways, each in a public subnet and with its own address."""
    rows: Rows = {}
    for zone in {want.nat(zone) for zone in want.zones}:
        rows[f"address {want.name}-nat-{zone}"] = {
            "domain": "vpc",
            "tags": {"Name": f"{want.name}-nat-{zone}"},
        }
        rows[f"NAT gateway {zone}"] = {
            "allocation_id": f"address {want.name}-nat-{zone}",
            "subnet_id": f"subnet {want.name}-public-{zone}",
            "tags": {"Name": f"{want.name}-{zone}"},
        }
    return rows


def _groups(want: Wanted) -> Rows:
    """Returns the groups. The Ingress refers to the group of the ALB by its Name tag."""
    descriptions = {
        "alb": "ALB: open to its clients, reaches the pods only.",
        "node": "Nodes and pods: their only group, since of two the controller would not know "
        "which to use.",
        "control-plane": "Control plane: beside the group that EKS makes, which may send anywhere.",
    }
    return {
        f"group {want.name}-{kind}": {
            "name": f"{want.name}-{kind}",
            "description": description,
            "vpc_id": want.vpc,
            "tags": {"Name": f"{want.name}-{kind}"},
        }
        for kind, description in descriptions.items()
    }


# Connections. Those between two groups are in both tables, because each needs two rules.


def must_enter(want: Wanted) -> set[Edge]:
    ports = (80, 443) if want.certificate else (80,)
    clients = {INTERNET if one.endswith("/0") else one for one in want.alb_clients}
    return {
        *(Edge(client, ALB, "tcp", port, port) for client in clients for port in ports),
        Edge(ALB, NODE, "tcp", 1024, 10247),  # Pods, but not the higher ports of the kubelet
        Edge(NODE, NODE, "-1", 0, 65535),  # Pods to Pods, and to CoreDNS
        Edge(NODE, PLANE, "tcp", 443, 443),  # nodes join the cluster
        Edge(PLANE, NODE, "tcp", 443, 443),  # webhooks
        Edge(PLANE, NODE, "tcp", 9443, 9443),  # webhooks
        Edge(PLANE, NODE, "tcp", 10250, 10251),  # logs and exec; metrics-server
    }


def must_leave(want: Wanted) -> set[Edge]:
    """The egress of the control plane is in the security group that EKS creates, not in these."""
    return {
        Edge(ALB, NODE, "tcp", 1024, 10247),
        Edge(NODE, want.cidr, "-1", 0, 65535),  # nodes, the API server, the VPC's resolver
        Edge(NODE, INTERNET, "tcp", 443, 443),  # AWS, registries, Git
    }


# Routes


def routes(found: Found) -> dict[str, set[str]]:
    """Returns the target of the traffic to the Internet for each subnet."""
    ways: dict[str, set[str]] = {one.label: set() for one in found.of("aws_subnet")}
    tables = {one.label: one for one in found.of("aws_route_table")}
    for association in found.of("aws_route_table_association"):
        table = tables.get(str(association.get("route_table_id")))
        ways[str(association.get("subnet_id"))] |= (
            set(_ways(found, table)) if table else {"nowhere"}
        )
    return ways


def _ways(found: Found, table: Made) -> Iterator[str]:
    for route in found.of("aws_route"):
        if route.get("route_table_id") == table.label:
            yield _way(route)


def _way(route: Made) -> str:
    """Returns the target of a route, and its address range unless it is the Internet."""
    targets = [route.get(path) for path in route.configured if path.endswith("_id")]
    to = ", ".join(
        sorted(str(one) for one in targets if one and one != route.get("route_table_id"))
    )
    destination = route.get("destination_cidr_block")
    return to if destination == "0.0.0.0/0" else f"{destination} by {to}"


def must_route(want: Wanted) -> dict[str, set[str]]:
    if want.existing_vpc:
        return {}
    return {
        **{f"subnet {want.name}-public-{zone}": {"Internet gateway"} for zone in want.zones},
        **{
            f"subnet {want.name}-private-{zone}": {f"NAT gateway {want.nat(zone)}"}
            for zone in want.zones
        },
    }


# Arguments that the comparison of connections and routes above covers.
RULE = {
    "security_group_id",
    "referenced_security_group_id",
    "cidr_ipv4",
    "ip_protocol",
    "from_port",
    "to_port",
    "description",
}
SETTLED = {
    "aws_vpc_security_group_ingress_rule": RULE,
    "aws_vpc_security_group_egress_rule": RULE,
    "aws_route": {"route_table_id", "destination_cidr_block", "gateway_id", "nat_gateway_id"},
    "aws_route_table": {"vpc_id", "tags"},
    "aws_route_table_association": {"subnet_id", "route_table_id"},
}
