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
  type        = object({ zones = list(string), cidr = optional(string), nat = optional(string) })
  validation {
    condition     = length(var.vpc.zones) >= 2 && alltrue([for zone in var.vpc.zones : can(regex("^${var.region}[a-z]$", zone))])
    error_message = "vpc.zones: two or three of region, for instance eu-west-1a and eu-west-1b of eu-west-1."
  }
}
variable "alb" {
  description = "Who may open the ALB (everybody unless said); its ACM certificate, which opens 443. Without one: plain HTTP."
  type        = object({ allowed_cidrs = optional(set(string)), certificate_arn = optional(string) })
  default     = {}
  validation {
    condition     = var.alb.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:${var.region}:${var.account_id}:certificate/.+$", var.alb.certificate_arn))
    error_message = "alb.certificate_arn: an ACM certificate of this account and region."
  }
}
variable "kubernetes_version" {
  description = "EKS minor version. Raise it one at a time."
  type        = string
  default     = "1.35"
}
variable "nodes" {
  description = "Each zone's node group: see modules/cluster."
  type        = object({ instance_types = optional(list(string)), ami_type = optional(string), min = optional(number), max = optional(number), disk_gib = optional(number) })
  default     = {}
}
variable "access" {
  description = "admin_arns: IAM roles or users; who runs terraform/bootstrap is one. public_cidrs: see modules/cluster."
  type        = object({ admin_arns = set(string), public_cidrs = optional(list(string)) })
}
variable "deletion_protection" {
  description = "Refuse to delete the cluster until this is off."
  type        = bool
  default     = true
}
variable "external_secrets" {
  description = "Let External Secrets read the secrets named <cluster>/*."
  type        = bool
  default     = false
}
variable "snapshots_kept" {
  description = "Daily snapshots to keep of each of the cluster's volumes. 0: none are made."
  type        = number
  default     = 14
}
