"""Tables of the cluster: access, nodes, and the add-ons that nodes need before they start."""

from __future__ import annotations

from wiring.rows import Rows
from wiring.wanted import Wanted


def settings(want: Wanted) -> Rows:
    return {
        f"cluster {want.name}": _cluster(want),
        # Otherwise EKS creates it, without an expiration.
        f"log group /aws/eks/{want.name}/cluster": {
            "name": f"/aws/eks/{want.name}/cluster",
            "retention_in_days": want.log_days,
            "skip_destroy": True,  # the log remains as evidence if an intruder destroys the cluster
        },
        f"key of Secrets of the EKS cluster {want.name}.": {
            "description": f"Secrets of the EKS cluster {want.name}.",
            "enable_key_rotation": True,
        },
        **_people(want),
        **_first_addons(want),
        **_nodes(want),
    }


def _cluster(want: Wanted) -> dict[str, object]:
    open_to = list(want.public_cidrs)
    return {
        "name": want.name,
        "role_arn": f"role {want.name}-eks",
        "version": want.kubernetes,
        "bootstrap_self_managed_addons": False,  # otherwise EKS installs a second vpc-cni
        "deletion_protection": want.deletion_protection,
        "enabled_cluster_log_types": list(want.control_plane_logs),
        # Only access entries give access, even to the creator of the cluster.
        "access_config.authentication_mode": "API",
        "access_config.bootstrap_cluster_creator_admin_permissions": False,
        "encryption_config.resources": ["secrets"],
        "encryption_config.provider.key_arn": f"key of Secrets of the EKS cluster {want.name}.",
        "upgrade_policy.support_type": "STANDARD",  # EXTENDED costs six times as much
        "vpc_config.subnet_ids": [want.subnet(zone) for zone in want.zones],
        "vpc_config.security_group_ids": [f"group {want.name}-control-plane"],
        "vpc_config.endpoint_private_access": True,
        "vpc_config.endpoint_public_access": bool(open_to),
        "vpc_config.public_access_cidrs": open_to or None,
    }


def _people(want: Wanted) -> Rows:
    """Returns the access entries, which apply to all namespaces."""
    rows: Rows = {}
    policies = {
        "AmazonEKSClusterAdminPolicy": want.admins,
        "AmazonEKSEditPolicy": want.editors,
        "AmazonEKSViewPolicy": want.viewers,
    }
    for policy, arns in policies.items():
        for arn in arns:
            common = {"cluster_name": want.name, "principal_arn": arn}
            rows[f"access entry {arn}"] = common
            rows[f"access policy {arn}"] = common | {
                "policy_arn": f"arn:aws:eks::aws:cluster-access-policy/{policy}",
                "access_scope.type": "cluster",
            }
    return rows


def addon(want: Wanted, name: str, configuration: object = None) -> Rows:
    pinned = want.addon_versions.get(name)
    rows: Rows = {
        f"add-on {name}": {
            "cluster_name": want.name,
            "addon_name": name,
            "addon_version": pinned or f"v{want.kubernetes}-{name}",  # the answer of the stub
            "configuration_values": configuration,
            "resolve_conflicts_on_update": "OVERWRITE",
        }
    }
    if pinned is None:
        # The version must be for this version of Kubernetes, otherwise the add-on does not start.
        rows[f"version of {name}"] = {"addon_name": name, "kubernetes_version": want.kubernetes}
    return rows


def _first_addons(want: Wanted) -> Rows:
    return {
        **addon(want, "vpc-cni", {"enableNetworkPolicy": "true"}),  # NetworkPolicies are enforced
        **addon(want, "kube-proxy"),
        **addon(want, "eks-pod-identity-agent"),
    }


def _nodes(want: Wanted) -> Rows:
    template = f"launch template {want.name}-node"
    return {
        template: {
            "name": f"{want.name}-node",
            "vpc_security_group_ids": [f"group {want.name}-node"],
            # With IMDSv2 and a hop limit of 1, Pods cannot use the role of the node.
            "metadata_options.http_tokens": "required",
            "metadata_options.http_put_response_hop_limit": 1,
            "block_device_mappings.device_name": "/dev/xvda",  # the root volume of AL2023
            "block_device_mappings.ebs.volume_type": "gp3",
            "block_device_mappings.ebs.volume_size": want.disk,
            "block_device_mappings.ebs.encrypted": "true",
            # default_tags of the provider do not apply to these resources.
            "tag_specifications.resource_type": ["instance", "network-interface", "volume"],
            "tag_specifications.tags": [want.tags | {"Name": f"{want.name}-node"}] * 3,
        },
        **{f"node group {zone}": _node_group(want, zone, template) for zone in want.zones},
    }


def _node_group(want: Wanted, zone: str, template: str) -> dict[str, object]:
    """Returns one node group per zone, because a volume can only be used in its zone."""
    return {
        "cluster_name": want.name,
        "node_group_name_prefix": f"{zone}-",
        "version": want.kubernetes,
        "node_role_arn": f"role {want.name}-node",
        "subnet_ids": [want.subnet(zone)],
        "ami_type": want.ami_type,
        "instance_types": list(want.instance_types),
        "launch_template.id": template,
        "launch_template.version": "1",
        "scaling_config.min_size": want.min,
        "scaling_config.desired_size": want.min,
        "scaling_config.max_size": want.max,
        "update_config.max_unavailable": 1,
        "node_repair_config.enabled": True,
    }
