data "aws_partition" "this" {}

locals {
  partition = data.aws_partition.this.partition
  roles     = { eks = "eks.amazonaws.com", node = "ec2.amazonaws.com" }
  policies = {
    AmazonEKSClusterPolicy             = "eks"
    AmazonEKSWorkerNodePolicy          = "node"
    AmazonEC2ContainerRegistryPullOnly = "node"
  }
}

resource "aws_iam_role" "this" {
  for_each = local.roles
  name     = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = each.value } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = local.policies
  role       = aws_iam_role.this[each.value].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/${each.key}"
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
  name                          = var.name
  role_arn                      = aws_iam_role.this["eks"].arn
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
    endpoint_private_access = true
    endpoint_public_access  = length(var.public_access_cidrs) > 0
    public_access_cidrs     = length(var.public_access_cidrs) > 0 ? var.public_access_cidrs : null
  }
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.this]
}

resource "aws_eks_access_entry" "admin" {
  for_each      = var.admin_principal_arns
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value
}

resource "aws_eks_access_policy_association" "admin" {
  for_each      = aws_eks_access_entry.admin
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:${local.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope { type = "cluster" }
}

# Between the control plane's own group, which EKS makes, and the nodes'.
locals {
  plane = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  node  = var.node_security_group_id
  ingress = {
    "nodes to API server"                      = { of = local.plane, group = local.node, from = 443, to = 443 }
    "control plane to webhooks on 443"         = { of = local.node, group = local.plane, from = 443, to = 443 }
    "control plane to webhooks on 9443"        = { of = local.node, group = local.plane, from = 9443, to = 9443 }
    "control plane to kubelet, metrics-server" = { of = local.node, group = local.plane, from = 10250, to = 10251 }
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.ingress
  description                  = each.key
  security_group_id            = each.value.of
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.from
  to_port                      = each.value.to
}
