# Only what differs between environments. To set another argument of a module, add it in main.tf.
variable "account_id" {
  description = "The ID of the AWS account. Terraform refuses to run in another account."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: must be twelve digits, as a string."
  }
}
variable "region" {
  description = "The AWS region."
  type        = string
}
variable "name" {
  description = "The name of the cluster, and the first part of the names of all other resources."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: must be 3 to 32 lower-case letters, digits and hyphens, begin with a letter, and not end with a hyphen."
  }
}
variable "vpc" {
  description = "For a new VPC: zones (two or three zones of the region; later only append zones), cidr and nat, see modules/network. For an existing VPC: id, private_subnets and public_subnets, see modules/existing-network."
  type        = any
  nullable    = false
  validation {
    condition     = !contains(local.regions, var.region) || try(length(var.vpc.zones) >= 2 && alltrue([for zone in var.vpc.zones : can(regex("^${var.region}[a-z]$", zone))]), true)
    error_message = "vpc.zones: must contain two or three zones of the region, for instance eu-west-1a and eu-west-1b of eu-west-1."
  }
  validation {
    condition     = try(var.vpc.id, null) == null ? alltrue([for key in ["private_subnets", "public_subnets"] : try(var.vpc[key], null) == null]) : alltrue([for key in ["zones", "cidr", "nat"] : try(var.vpc[key], null) == null])
    error_message = "vpc: must describe either a new VPC, with zones, cidr and nat, or an existing VPC, with id, private_subnets and public_subnets."
  }
}
variable "alb" {
  description = "allowed_cidrs: the address ranges that may connect to the ALB, by default all. certificate_arn: the ACM certificate of the ALB, which opens port 443; without it, the ALB serves only HTTP."
  type        = any
  default     = {}
  validation {
    condition     = try(tostring(var.alb.certificate_arn), null) == null || can(regex("^arn:[a-z-]+:acm:${var.region}:${var.account_id}:certificate/.+$", var.alb.certificate_arn))
    error_message = "alb.certificate_arn: must be the ARN of an ACM certificate of this account and region."
  }
}
variable "kubernetes_version" {
  description = "The EKS minor version. Increase it by one minor version at a time."
  type        = string
  default     = "1.35"
}
variable "nodes" {
  description = "The node group of each zone: instance_types, ami_type, min, max and disk_gib, see modules/cluster."
  type        = any
  default     = {}
}
variable "access" {
  description = "admin_arns: the IAM roles or users that administer the cluster, including the one that runs terraform/bootstrap. editor_arns, viewer_arns and public_cidrs: see modules/cluster."
  type        = any
  nullable    = false
}
variable "deletion_protection" {
  description = "Whether EKS refuses to delete the cluster."
  type        = bool
  default     = true
}
variable "addon_roles" {
  description = "The add-ons that get an IAM role, of those whose role is optional: see modules/addons/roles.json."
  type        = set(string)
  default     = []
}
variable "external_secrets" {
  description = "The same as external-secrets in addon_roles: External Secrets Operator may read the secrets <cluster>/* in AWS Secrets Manager."
  type        = bool
  default     = false
}
variable "snapshots_kept" {
  description = "The number of snapshots to keep of each volume of the cluster. With 0, no snapshots are taken."
  type        = number
  default     = 14
}

variable "snapshots" {
  description = "hours: the interval between snapshots; copied_to: another region that gets a copy; alarm_topic_arns: the SNS topics that are notified if a snapshot fails. See modules/addons."
  type        = any
  default     = {}
  validation {
    condition     = try(var.snapshots.copied_to, null) != var.region
    error_message = "snapshots.copied_to: must differ from region."
  }
}
variable "logs" {
  description = "The logs in CloudWatch, which cause costs. days: the retention of the flow logs and of the control plane logs; control_plane: the types of control plane logs; container_days: the retention of the logs of Pods and nodes; flow_logs: whether flow logs are written. See modules/network, modules/cluster and modules/addons."
  type        = any
  default     = {}
}
variable "addon_versions" {
  description = "The versions of EKS add-ons by name, for instance v1.21.1-eksbuild.1. Other add-ons have the default version of AWS."
  type        = any
  default     = {}
}
variable "ebs_encryption_by_default" {
  description = "Whether every new EBS volume of the account in this region is encrypted. Set it to false if the setting is managed elsewhere."
  type        = bool
  default     = true
}
variable "tags" {
  description = "The tags of all resources, including nodes, volumes and load balancers, in addition to cluster and managed-by."
  type        = map(string)
  default     = {}
  nullable    = false
  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[A-Za-z0-9 _.:/+@-]{1,128}$", key)) && can(regex("^[A-Za-z0-9 _.:/=+@-]{0,256}$", value)) && !startswith(lower(key), "aws:") && !contains(["Name", "cluster", "managed-by"], key)])
    error_message = "tags: must consist of letters, digits, spaces and _.:/=+@-. No key may begin with aws: or be Name, cluster or managed-by."
  }
}

# The keys and types of each variable. module.object validates them and returns the values. The entry
# "" has variables that are no objects.
locals {
  tags = merge(var.tags, { cluster = var.name, managed-by = "terraform" })
  # The EKS add-ons that the modules cluster and addons install.
  addon_names    = ["amazon-cloudwatch-observability", "aws-ebs-csi-driver", "coredns", "eks-node-monitoring-agent", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"]
  optional_roles = [for name, role in jsondecode(file("${path.module}/../modules/addons/roles.json")) : name if role.optional]
  regions        = jsondecode(file("${path.module}/regions.json"))
  objects = {
    ""             = { value = { region = var.region, addon_roles = var.addon_roles }, keys = { region = "one_of(${join(", ", local.regions)})", addon_roles = "list(one_of(${join(", ", local.optional_roles)}))" } }
    vpc            = { value = var.vpc, keys = { zones = try(var.vpc.id, null) == null ? "list(string)" : "optional(list(string))", cidr = "optional(string)", nat = "optional(one_of(single, per-zone))", id = "optional(string)", private_subnets = try(var.vpc.id, null) == null ? "optional(map(string))" : "map(string)", public_subnets = try(var.vpc.id, null) == null ? "optional(map(string))" : "map(string)" } }
    alb            = { value = var.alb, keys = { allowed_cidrs = "optional(list(string))", certificate_arn = "optional(string)" } }
    nodes          = { value = var.nodes, keys = { instance_types = "optional(list(string))", ami_type = "optional(one_of(AL2023_x86_64_STANDARD, AL2023_ARM_64_STANDARD))", min = "optional(number)", max = "optional(number)", disk_gib = "optional(number)" } }
    access         = { value = var.access, keys = { admin_arns = "list(string)", editor_arns = "optional(list(string))", viewer_arns = "optional(list(string))", public_cidrs = "optional(list(string))" } }
    snapshots      = { value = var.snapshots, keys = { hours = "optional(number)", copied_to = "optional(one_of(${join(", ", local.regions)}))", alarm_topic_arns = "optional(list(string))" } }
    logs           = { value = var.logs, keys = { days = "optional(number)", container_days = "optional(number)", control_plane = "optional(list(one_of(api, audit, authenticator, controllerManager, scheduler)))", flow_logs = "optional(bool)" } }
    addon_versions = { value = var.addon_versions, keys = { for name in local.addon_names : name => "optional(string)" } }
  }
}
module "object" {
  source   = "../modules/object"
  for_each = local.objects
  name     = each.key
  value    = each.value.value
  keys     = each.value.keys
}
locals {
  plain          = module.object[""].value
  vpc            = module.object["vpc"].value
  alb            = module.object["alb"].value
  nodes          = module.object["nodes"].value
  access         = module.object["access"].value
  snapshots      = module.object["snapshots"].value
  logs           = module.object["logs"].value
  addon_versions = { for name, version in module.object["addon_versions"].value : name => tostring(version) if version != null }
}
