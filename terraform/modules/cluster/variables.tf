# A message names a variable as users of the roots write it, and in brackets as it is here.
variable "name" {
  description = "The cluster's name."
  type        = string
}
variable "kubernetes_version" {
  description = "EKS minor version. Raise it one at a time."
  type        = string
  default     = "1.35"
  validation {
    condition     = can(regex("^1\\.(3[4-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version: a minor version from 1.34 on, as a string: \"1.35\"."
  }
}
variable "subnets" {
  description = "The private subnet of each zone, two zones at least."
  type        = map(string)
}
variable "node_security_group" {
  description = "The nodes' one and only."
  type        = string
}
variable "control_plane_security_group" {
  description = "Beside the one that EKS makes."
  type        = string
}
variable "instance_types" {
  description = "Of the nodes."
  type        = list(string)
  default     = ["m6i.large"]
  nullable    = false
}
variable "ami_type" {
  description = "Of the instance types' architecture."
  type        = string
  default     = "AL2023_x86_64_STANDARD"
  nullable    = false
  validation {
    condition     = contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"], var.ami_type)
    error_message = "nodes.ami_type (ami_type): AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
  }
}
variable "min_nodes" {
  description = "In each zone, which has a node group of its own: a volume never leaves its zone, and a zone without a node strands its volumes."
  type        = number
  default     = 1
  nullable    = false
  validation {
    condition     = var.min_nodes >= 1
    error_message = "nodes.min (min_nodes): at least 1."
  }
}
variable "max_nodes" {
  description = "In each zone."
  type        = number
  default     = 3
  nullable    = false
  validation {
    condition     = var.max_nodes >= var.min_nodes
    error_message = "nodes.max (max_nodes): at least nodes.min (min_nodes), which is ${var.min_nodes}."
  }
}
variable "disk_gib" {
  description = "Each node's root volume."
  type        = number
  default     = 50
  nullable    = false
  validation {
    condition     = var.disk_gib >= 20
    error_message = "nodes.disk_gib (disk_gib): at least 20."
  }
}
variable "admin_arns" {
  description = "IAM roles or users who administer the cluster; nobody else, the creator included."
  type        = set(string)
  validation {
    condition     = length(var.admin_arns) >= 1 && alltrue([for arn in var.admin_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "access.admin_arns (admin_arns): ARNs of IAM roles or users, one at least (no sts sessions, not root)."
  }
}
variable "public_cidrs" {
  description = "Ranges that may reach the API server from the Internet. Empty: only the VPC."
  type        = list(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for cidr in var.public_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "access.public_cidrs (public_cidrs): IPv4 ranges of your own, never the whole Internet."
  }
}
variable "deletion_protection" {
  description = "Refuse to delete the cluster until this is off."
  type        = bool
  default     = true
}
