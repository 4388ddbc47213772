# Without these add-ons, a node never becomes Ready, or its first Pods get no IP addresses or roles.
locals { first_addons = { vpc-cni = jsonencode({ enableNetworkPolicy = "true" }), kube-proxy = null, eks-pod-identity-agent = null } }
module "cni_role" {
  source          = "../role"
  name            = "${var.name}-vpc-cni"
  cluster         = aws_eks_cluster.this.name
  namespace       = "kube-system"
  service_account = "aws-node"
  policy_arns     = { cni = "${local.aws_policies}/AmazonEKS_CNI_Policy" }
}
data "aws_eks_addon_version" "first" {
  for_each           = { for name, values in local.first_addons : name => values if !contains(keys(var.addon_versions), name) }
  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}
resource "aws_eks_addon" "first" {
  for_each                    = local.first_addons
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = try(var.addon_versions[each.key], data.aws_eks_addon_version.first[each.key].version)
  configuration_values        = each.value
  resolve_conflicts_on_update = "OVERWRITE"
  depends_on                  = [module.cni_role]
}

resource "aws_launch_template" "node" {
  name                   = "${var.name}-node"
  vpc_security_group_ids = [var.node_security_group]
  # With a hop limit of 1, Pods cannot get the credentials of the node from the metadata service.
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type = "gp3"
      volume_size = var.disk_gib
      encrypted   = "true"
    }
  }
  # default_tags of the provider apply to the launch template, but not to what EC2 creates from it.
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])
    content {
      resource_type = tag_specifications.value
      tags          = merge(var.tags, { Name = "${var.name}-node" })
    }
  }
}
resource "aws_eks_node_group" "zone" {
  for_each               = var.subnets
  cluster_name           = aws_eks_cluster.this.name
  node_group_name_prefix = "${each.key}-"
  version                = aws_eks_cluster.this.version
  node_role_arn          = module.role["node"].arn
  subnet_ids             = [each.value]
  ami_type               = var.ami_type
  instance_types         = var.instance_types
  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }
  scaling_config {
    min_size     = var.min_nodes
    desired_size = var.min_nodes
    max_size     = var.max_nodes
  }
  update_config { max_unavailable = 1 }
  node_repair_config { enabled = true }
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [scaling_config[0].desired_size] # an autoscaler or a user changes it: see docs/runbook.md, More nodes
  }
  depends_on = [aws_eks_addon.first]
}
