data "aws_partition" "this" {}
locals { aws_policies = "arn:${data.aws_partition.this.partition}:iam::aws:policy" }
module "role" {
  source = "../role"
  for_each = {
    eks  = ["AmazonEKSClusterPolicy"]
    node = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"]
  }
  name        = "${var.name}-${each.key}"
  service     = each.key == "eks" ? "eks.amazonaws.com" : "ec2.amazonaws.com"
  policy_arns = { for policy in each.value : policy => "${local.aws_policies}/${policy}" }
}

resource "aws_kms_key" "this" {
  # checkov:skip=CKV2_AWS_64:Without a policy of its own a key has AWS's default: IAM decides, which is what is wanted.
  description         = "Secrets of the EKS cluster ${var.name}."
  enable_key_rotation = true
}
# Made before EKS makes it, which would keep every log for ever.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with its own key.
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = 365
}
resource "aws_eks_cluster" "this" {
  # checkov:skip=CKV_AWS_39:Private unless somebody names their own ranges, and then to these alone.
  name                          = var.name
  role_arn                      = module.role["eks"].arn
  version                       = var.kubernetes_version
  bootstrap_self_managed_addons = false
  deletion_protection           = var.deletion_protection
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
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

resource "aws_eks_access_entry" "admin" {
  for_each      = var.admin_arns
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value
}
resource "aws_eks_access_policy_association" "admin" {
  for_each      = aws_eks_access_entry.admin
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:${data.aws_partition.this.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope { type = "cluster" }
}

output "name" {
  description = "The cluster's name. Complete only with its nodes, so that what runs on them can wait for it."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_node_group.zone, aws_eks_access_policy_association.admin]
}
