mock_provider "aws" {
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_eks_addon_version" { defaults = { version = "v1.0.0-eksbuild.1" } }
}

variables {
  name                         = "acme-dev"
  subnets                      = { eu-west-1a = "subnet-a", eu-west-1b = "subnet-b" }
  node_security_group          = "sg-node"
  control_plane_security_group = "sg-plane"
  admin_arns                   = ["arn:aws:iam::111122223333:role/platform"]
}

run "the_api_endpoint_is_private_by_default" {
  command = plan
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "Only the VPC reaches the API server."
  }
  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Access entries alone decide who administers."
  }
  assert {
    condition     = aws_eks_cluster.this.deletion_protection && length(aws_eks_cluster.this.enabled_cluster_log_types) == 5 && aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"])
    error_message = "Protected, logged, encrypted."
  }
  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required" && aws_launch_template.node.metadata_options[0].http_put_response_hop_limit == 1 && aws_launch_template.node.block_device_mappings[0].ebs[0].encrypted == "true"
    error_message = "IMDSv2, one hop, an encrypted root volume."
  }
}

run "a_node_in_each_zone" {
  command = plan
  assert {
    condition     = keys(aws_eks_node_group.zone) == ["eu-west-1a", "eu-west-1b"] && alltrue([for group in aws_eks_node_group.zone : length(group.subnet_ids) == 1 && group.scaling_config[0].min_size == 1])
    error_message = "A group for each zone, never empty: a volume cannot leave its zone."
  }
}

run "three_zones_on_arm" {
  command = plan
  variables {
    subnets        = { eu-west-1a = "subnet-a", eu-west-1b = "subnet-b", eu-west-1c = "subnet-c" }
    ami_type       = "AL2023_ARM_64_STANDARD"
    instance_types = ["m7g.large"]
    min_nodes      = 2
    max_nodes      = 6
  }
  assert {
    condition     = length(aws_eks_node_group.zone) == 3 && length(aws_eks_cluster.this.vpc_config[0].subnet_ids) == 3
    error_message = "Three groups, three subnets of the control plane."
  }
}

run "a_public_endpoint_for_named_ranges" {
  command = plan
  variables {
    public_cidrs = ["203.0.113.0/24"]
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "Open to these, and the private one stays."
  }
}

run "network_policies_and_pod_identity_before_nodes" {
  command = plan
  assert {
    condition     = keys(aws_eks_addon.first) == ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"] && jsondecode(aws_eks_addon.first["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "What nodes need comes with them."
  }
}

run "refuses_an_old_version" {
  command = plan
  variables {
    kubernetes_version = "1.33"
  }
  expect_failures = [var.kubernetes_version]
}

run "refuses_a_patch_version" {
  command = plan
  variables {
    kubernetes_version = "1.35.1"
  }
  expect_failures = [var.kubernetes_version]
}

run "refuses_an_empty_zone" {
  command = plan
  variables {
    min_nodes = 0
  }
  expect_failures = [var.min_nodes]
}

run "refuses_max_below_min" {
  command = plan
  variables {
    min_nodes = 4
  }
  expect_failures = [var.max_nodes]
}

run "refuses_a_disk_that_is_too_small" {
  command = plan
  variables {
    disk_gib = 8
  }
  expect_failures = [var.disk_gib]
}

run "refuses_another_operating_system_than_al2023" {
  command = plan
  variables {
    ami_type = "AL2_x86_64"
  }
  expect_failures = [var.ami_type]
}

run "refuses_a_cluster_without_administrators" {
  command = plan
  variables {
    admin_arns = []
  }
  expect_failures = [var.admin_arns]
}

run "refuses_a_session_as_administrator" {
  command = plan
  variables {
    admin_arns = ["arn:aws:sts::111122223333:assumed-role/platform/me"]
  }
  expect_failures = [var.admin_arns]
}

run "refuses_the_whole_internet" {
  command = plan
  variables {
    public_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.public_cidrs]
}

run "refuses_no_instance_type" {
  command = plan
  variables {
    instance_types = []
  }
  expect_failures = [var.instance_types]
}

run "refuses_an_image_of_another_processor" {
  command = plan
  variables {
    instance_types = ["m7g.large"]
  }
  expect_failures = [var.ami_type]
}

run "refuses_an_editor_who_is_an_administrator" {
  command = plan
  variables {
    editor_arns = ["arn:aws:iam::111122223333:role/platform"]
  }
  expect_failures = [var.editor_arns]
}

run "refuses_a_viewer_who_is_an_editor" {
  command = plan
  variables {
    editor_arns = ["arn:aws:iam::111122223333:role/dev"]
    viewer_arns = ["arn:aws:iam::111122223333:role/dev"]
  }
  expect_failures = [var.viewer_arns]
}

run "refuses_a_log_that_eks_does_not_write" {
  command = plan
  variables {
    log_types = ["audits"]
  }
  expect_failures = [var.log_types]
}

run "refuses_days_that_cloudwatch_does_not_accept" {
  command = plan
  variables {
    log_days = 100
  }
  expect_failures = [var.log_days]
}

run "editors_and_viewers" {
  command = plan
  variables {
    editor_arns = ["arn:aws:iam::111122223333:role/dev"]
    viewer_arns = ["arn:aws:iam::111122223333:user/on-call"]
  }
  assert {
    condition     = length(aws_eks_access_entry.this) == 3 && aws_eks_access_policy_association.this["arn:aws:iam::111122223333:user/on-call"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    error_message = "Each has one entry and one policy."
  }
}

run "a_pinned_version_is_used" {
  command = plan
  variables {
    addon_versions = { vpc-cni = "v1.21.1-eksbuild.1", coredns = "v1.12.4-eksbuild.1" }
  }
  assert {
    condition     = aws_eks_addon.first["vpc-cni"].addon_version == "v1.21.1-eksbuild.1" && keys(data.aws_eks_addon_version.first) == ["eks-pod-identity-agent", "kube-proxy"]
    error_message = "The others keep AWS' default."
  }
}

run "refuses_an_invalid_version" {
  command = plan
  variables {
    addon_versions = { vpc-cni = "1.21" }
  }
  expect_failures = [var.addon_versions]
}
