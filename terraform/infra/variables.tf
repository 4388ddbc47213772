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
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: one for instance eu-west-1."
  }
}

variable "name" {
  description = "The cluster's name, and the first part of every other name."
  type        = string
}

variable "zones" {
  description = "Two or three zones of the region; EKS and the ALB need two. Only ever append."
  type        = list(string)
  validation {
    condition     = length(var.zones) >= 2 && alltrue([for zone in var.zones : startswith(zone, var.region)])
    error_message = "zones: two or three of the region."
  }
}

variable "vpc_cidr" {
  description = "The VPC's IPv4 range, /16 to /21."
  type        = string
  default     = "10.0.0.0/16"
}

variable "nat" {
  description = "NAT gateways: single (cheap) or per-zone (survives a zone)."
  type        = string
  default     = "single"
}

variable "alb_allowed_cidrs" {
  description = "Who may open the ALB."
  type        = set(string)
  default     = ["0.0.0.0/0"]
}

variable "certificate_arn" {
  description = "The ALB's ACM certificate, which opens 443. null: plain HTTP."
  type        = string
  default     = null
  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:${var.region}:${var.account_id}:certificate/.+$", var.certificate_arn))
    error_message = "certificate_arn: an ACM certificate of this account and region."
  }
}

variable "kubernetes_version" {
  description = "EKS minor version. Raise it one at a time."
  type        = string
  default     = "1.35"
}

variable "nodes" {
  description = "Each zone's node group."
  type = object({
    instance_types = optional(list(string), ["m6i.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = optional(number, 1)
    max            = optional(number, 3)
    disk_gib       = optional(number, 50)
  })
  default = {}
}

variable "admin_principal_arns" {
  description = "IAM roles or users that administer the cluster; who runs terraform/bootstrap is one."
  type        = set(string)
}

variable "public_access_cidrs" {
  description = "Who may reach the API server from the Internet. Empty: only the VPC."
  type        = list(string)
  default     = []
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
