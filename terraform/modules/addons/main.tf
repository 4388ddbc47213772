data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_caller_identity" "this" {}
locals {
  account    = { partition = data.aws_partition.this.partition, region = data.aws_region.this.region, id = data.aws_caller_identity.this.account_id }
  volume_tag = { "snapshots-of-cluster" = var.cluster_name }
  # Add-ons that need nodes. CloudWatch's injects agents into every Deployment unless told not to.
  addons = {
    coredns                         = null
    metrics-server                  = null
    eks-node-monitoring-agent       = null # what node repair goes by, beside the kubelet's own word
    aws-ebs-csi-driver              = jsonencode({ controller = { extraVolumeTags = merge(var.tags, local.volume_tag) } })
    amazon-cloudwatch-observability = jsonencode({ manager = { applicationSignals = { autoMonitor = { monitorAllServices = false } } } })
  }
  # What the add-ons of gitops-gen declare in their components (written by `make addon-roles`).
  addon_roles = jsondecode(file("${path.module}/roles.json"))
  wanted      = setunion(var.roles, var.external_secrets ? ["external-secrets"] : [])
  made        = sort([for name, role in local.addon_roles : name if !role.optional || contains(local.wanted, name)])
  # Whose pods get which rights: ServiceAccount, AWS's policies, a policy of our own.
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
# Made before the agent makes them, which would keep every log for ever.
resource "aws_cloudwatch_log_group" "container_insights" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with its own key.
  # checkov:skip=CKV_AWS_338:What pods print is for finding faults; a year of it costs more than it helps.
  for_each          = toset(["application", "dataplane", "host", "performance"])
  name              = "/aws/containerinsights/${var.cluster_name}/${each.key}"
  retention_in_days = var.log_days
}

output "installed" {
  description = "The add-ons that this module installed, sorted."
  value       = sort([for name, addon in aws_eks_addon.this : addon.addon_name])
}
output "roles" {
  description = "The add-ons of gitops-gen whose pods have an AWS role, sorted."
  value       = [for name in local.made : name if contains(keys(module.role), name)]
}
output "volume_tag" {
  description = "The tag on every volume of the cluster's claims, and on its snapshots."
  value       = local.volume_tag
}
