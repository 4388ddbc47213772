# What differs between environments. All else is an argument of a module: add it in main.tf.
variable "account_id" {
  description = "The AWS account. Any other is refused."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: twelve digits, as a string."
  }
}
variable "region" {
  description = "The AWS region."
  type        = string
}
variable "name" {
  description = "The cluster's name, and the first part of every other name."
  type        = string
}
variable "vpc" {
  description = "zones: two or three of the region, only ever append. cidr, nat: see modules/network."
  type        = any
  nullable    = false
  validation {
    condition     = try(length(var.vpc.zones) >= 2 && alltrue([for zone in var.vpc.zones : can(regex("^${var.region}[a-z]$", zone))]), true)
    error_message = "vpc.zones: two or three of region, for instance eu-west-1a and eu-west-1b of eu-west-1."
  }
}
variable "alb" {
  description = "allowed_cidrs: who may open the ALB, everybody unless said. certificate_arn: its ACM certificate, which opens 443; without one plain HTTP."
  type        = any
  default     = {}
  validation {
    condition     = try(tostring(var.alb.certificate_arn), null) == null || can(regex("^arn:[a-z-]+:acm:${var.region}:${var.account_id}:certificate/.+$", var.alb.certificate_arn))
    error_message = "alb.certificate_arn: an ACM certificate of this account and region."
  }
}
variable "kubernetes_version" {
  description = "EKS minor version. Raise it one at a time."
  type        = string
  default     = "1.35"
}
variable "nodes" {
  description = "Each zone's node group: instance_types, ami_type, min, max, disk_gib. See modules/cluster."
  type        = any
  default     = {}
}
variable "access" {
  description = "admin_arns: IAM roles or users; who runs terraform/bootstrap is one. public_cidrs: see modules/cluster."
  type        = any
  nullable    = false
}
variable "deletion_protection" {
  description = "Refuse to delete the cluster until this is off."
  type        = bool
  default     = true
}
variable "addon_roles" {
  description = "The add-ons that get their AWS role, of those that need not have one: see modules/addons/roles.json."
  type        = set(string)
  default     = []
}
variable "external_secrets" {
  description = "The same as external-secrets in addon_roles: let External Secrets read the secrets named <cluster>/*."
  type        = bool
  default     = false
}
variable "snapshots_kept" {
  description = "Daily snapshots to keep of each of the cluster's volumes. 0: none are made."
  type        = number
  default     = 14
}

# The variables of type any: what they may hold. module.object gives them back checked.
locals {
  objects = {
    vpc    = { value = var.vpc, keys = { zones = "list(string)", cidr = "optional(string)", nat = "optional(string)" } }
    alb    = { value = var.alb, keys = { allowed_cidrs = "optional(list(string))", certificate_arn = "optional(string)" } }
    nodes  = { value = var.nodes, keys = { instance_types = "optional(list(string))", ami_type = "optional(string)", min = "optional(number)", max = "optional(number)", disk_gib = "optional(number)" } }
    access = { value = var.access, keys = { admin_arns = "list(string)", public_cidrs = "optional(list(string))" } }
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
  vpc    = module.object["vpc"].value
  alb    = module.object["alb"].value
  nodes  = module.object["nodes"].value
  access = module.object["access"].value
}
