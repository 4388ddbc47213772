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
variable "network" {
  description = "Where it runs: private subnets by zone, two at least; the security groups of nodes and control plane."
  type        = object({ subnets = map(string), security_groups = object({ node = string, control_plane = string }) })
}
variable "nodes" {
  description = "Each zone has a node group of its own, since a volume never leaves its zone."
  type = object({
    instance_types = optional(list(string), ["m6i.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD") # of the instance types' architecture
    min            = optional(number, 1)                        # a zone without a node strands its volumes
    max            = optional(number, 3)
    disk_gib       = optional(number, 50)
  })
  default = {}
  validation {
    condition     = var.nodes.min >= 1 && var.nodes.max >= var.nodes.min && var.nodes.disk_gib >= 20 && contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"], var.nodes.ami_type)
    error_message = "nodes: min at least 1, max at least min, disk_gib at least 20, ami_type AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
  }
}
variable "access" {
  description = "Who administers, and from where."
  type = object({
    admin_arns   = set(string)                # IAM roles or users; nobody else, the creator included
    public_cidrs = optional(list(string), []) # may reach the API server from the Internet; empty: only the VPC
  })
  validation {
    condition     = length(var.access.admin_arns) >= 1 && alltrue([for arn in var.access.admin_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "access.admin_arns: ARNs of IAM roles or users, one at least (no sts sessions, not root)."
  }
  validation {
    condition     = alltrue([for cidr in var.access.public_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "access.public_cidrs: IPv4 ranges of your own, never the whole Internet."
  }
}
variable "deletion_protection" {
  description = "Refuse to delete the cluster until this is off."
  type        = bool
  default     = true
}
