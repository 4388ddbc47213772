data "aws_partition" "this" {}
locals { aws_policies = "arn:${data.aws_partition.this.partition}:iam::aws:policy" }
module "role" {
  source = "../role"
  for_each = {
    eks = ["AmazonEKSClusterPolicy"]
    # The last policy is for a shell on a node with Session Manager, without a key or an open port.
    node = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"]
  }
  name        = "${var.name}-${each.key}"
  service     = each.key == "eks" ? "eks.amazonaws.com" : "ec2.amazonaws.com"
  policy_arns = { for policy in each.value : policy => "${local.aws_policies}/${policy}" }
}

resource "aws_kms_key" "this" {
  # checkov:skip=CKV2_AWS_64:The default key policy of AWS lets IAM policies decide, which is intended.
  description         = "Secrets of the EKS cluster ${var.name}."
  enable_key_rotation = true
}
# Otherwise EKS creates this log group, without an expiration. It remains when the cluster is destroyed,
# because the audit log may be needed after an intrusion.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with a key of AWS.
  # checkov:skip=CKV_AWS_338:The default is one year, and users may choose less.
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_days
  skip_destroy      = true
}
resource "aws_eks_cluster" "this" {
  # checkov:skip=CKV_AWS_37:By default all types are enabled, and users may choose fewer to save costs.
  # checkov:skip=CKV_AWS_39:The endpoint is private unless users name their own address ranges, and then only these have access.
  name                          = var.name
  role_arn                      = module.role["eks"].arn
  version                       = var.kubernetes_version
  bootstrap_self_managed_addons = false
  deletion_protection           = var.deletion_protection
  enabled_cluster_log_types     = var.log_types
  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }
  encryption_config {
    resources = ["secrets"]
    provider { key_arn = aws_kms_key.this.arn }
  }
  upgrade_policy { support_type = "STANDARD" }
  vpc_config {
    subnet_ids              = values(var.subnets)
    security_group_ids      = [var.control_plane_security_group]
    endpoint_private_access = true
    endpoint_public_access  = length(var.public_cidrs) > 0
    public_access_cidrs     = length(var.public_cidrs) > 0 ? var.public_cidrs : null
  }
  depends_on = [aws_cloudwatch_log_group.this]
}

# The access policy of each IAM role or user. All others have no access, whatever IAM allows them.
locals {
  access = merge([for policy, arns in {
    AmazonEKSClusterAdminPolicy = var.admin_arns
    AmazonEKSEditPolicy         = var.editor_arns
    AmazonEKSViewPolicy         = var.viewer_arns
  } : { for arn in arns : arn => policy }]...)
}
resource "aws_eks_access_entry" "this" {
  for_each      = local.access
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.key
}
resource "aws_eks_access_policy_association" "this" {
  for_each      = local.access
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.this[each.key].principal_arn
  policy_arn    = "arn:${data.aws_partition.this.partition}:eks::aws:cluster-access-policy/${each.value}"
  access_scope { type = "cluster" }
}
moved {
  from = aws_eks_access_entry.admin
  to   = aws_eks_access_entry.this
}
moved {
  from = aws_eks_access_policy_association.admin
  to   = aws_eks_access_policy_association.this
}

output "name" {
  description = "The name of the cluster. It depends on the nodes, so resources that need nodes wait for them."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_node_group.zone, aws_eks_access_policy_association.this]
}
output "nodes" {
  description = "The architecture of the nodes, and their minimum and maximum number in all zones together."
  value = {
    architecture = var.ami_type == "AL2023_ARM_64_STANDARD" ? "arm64" : "amd64"
    min          = var.min_nodes * length(var.subnets)
    max          = var.max_nodes * length(var.subnets)
  }
}
