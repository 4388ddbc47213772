data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_caller_identity" "this" {}
locals {
  account    = { partition = data.aws_partition.this.partition, region = data.aws_region.this.region, id = data.aws_caller_identity.this.account_id }
  volume_tag = { "snapshots-of-cluster" = var.cluster_name }
  # Add-ons that need nodes. By default, the one of CloudWatch injects agents into every Deployment.
  addons = {
    coredns                         = null
    metrics-server                  = null
    eks-node-monitoring-agent       = null # node repair uses its findings, in addition to the status of the kubelet
    aws-ebs-csi-driver              = jsonencode({ controller = { extraVolumeTags = merge(var.tags, local.volume_tag) } })
    amazon-cloudwatch-observability = jsonencode({ manager = { applicationSignals = { autoMonitor = { monitorAllServices = false } } } })
  }
  # The roles that the components of gitops-gen declare; `make addon-roles` writes the file.
  addon_roles = jsondecode(file("${path.module}/roles.json"))
  wanted      = setunion(var.roles, var.external_secrets ? ["external-secrets"] : [])
  made        = sort([for name, role in local.addon_roles : name if !role.optional || contains(local.wanted, name)])
  # The roles of Pods: the ServiceAccount, managed policies of AWS, and an own policy.
  roles = merge({ for name in local.made : name => local.addon_roles[name] }, {
    ebs-csi = { namespace = "kube-system", service_account = "ebs-csi-controller-sa", aws_policies = ["AmazonEBSCSIDriverPolicyV2"], policy = null }
  })
}
module "role" {
  source          = "../role"
  for_each        = local.roles
  name            = "${var.cluster_name}-${each.key}"
  cluster         = var.cluster_name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  policy_arns     = { for policy in each.value.aws_policies : policy => "arn:${local.account.partition}:iam::aws:policy/${policy}" }
  policies        = each.value.policy == null ? {} : { own = templatefile("${path.module}/${each.value.policy}", { account = local.account, cluster = var.cluster_name }) }
}

data "aws_eks_addon_version" "this" {
  for_each           = { for name, values in local.addons : name => values if !contains(keys(var.addon_versions), name) }
  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}
resource "aws_eks_addon" "this" {
  for_each                    = local.addons
  cluster_name                = var.cluster_name
  addon_name                  = each.key
  addon_version               = try(var.addon_versions[each.key], data.aws_eks_addon_version.this[each.key].version)
  configuration_values        = each.value
  resolve_conflicts_on_update = "OVERWRITE"
  depends_on                  = [module.role, aws_cloudwatch_log_group.container_insights]
}
# Otherwise the agent creates these log groups, without an expiration.
resource "aws_cloudwatch_log_group" "container_insights" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with a key of AWS.
  # checkov:skip=CKV_AWS_338:Logs of Pods are for troubleshooting, and a year of them costs more than it is worth.
  for_each          = toset(["application", "dataplane", "host", "performance"])
  name              = "/aws/containerinsights/${var.cluster_name}/${each.key}"
  retention_in_days = var.log_days
}

output "installed" {
  description = "The names of the add-ons that this module installs, sorted."
  value       = sort([for name, addon in aws_eks_addon.this : addon.addon_name])
}
output "roles" {
  description = "The add-ons of gitops-gen whose Pods have an IAM role, sorted."
  value       = [for name in local.made : name if contains(keys(module.role), name)]
}
output "volume_tag" {
  description = "The tag of every volume of the cluster's PersistentVolumeClaims, and of its snapshots."
  value       = local.volume_tag
}
