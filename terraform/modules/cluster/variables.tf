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
  description = "Zone to private subnet. The control plane is in all of them; each has a node group, since a volume never leaves its zone."
  type        = map(string)
  validation {
    condition     = length(var.subnets) >= 2
    error_message = "subnets: EKS wants two zones at least."
  }
}

variable "node_security_group_id" {
  description = "The nodes' one and only security group."
  type        = string
}

variable "nodes" {
  description = "Each zone's node group; ami_type and instance_types must be of one architecture."
  type = object({
    instance_types = optional(list(string), ["m6i.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = optional(number, 1)
    max            = optional(number, 3)
    disk_gib       = optional(number, 50)
  })
  default = {}
  validation {
    condition     = var.nodes.min >= 1 && var.nodes.max >= var.nodes.min && var.nodes.disk_gib >= 20
    error_message = "nodes: min at least 1 (a zone without a node strands its volumes), max at least min, disk_gib at least 20."
  }
  validation {
    condition     = contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"], var.nodes.ami_type)
    error_message = "nodes.ami_type: AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
  }
}

variable "admin_principal_arns" {
  description = "IAM roles or users that administer the cluster. Nobody else does, its creator included."
  type        = set(string)
  validation {
    condition     = length(var.admin_principal_arns) >= 1 && alltrue([for arn in var.admin_principal_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "admin_principal_arns: ARNs of IAM roles or users, one at least (no sts sessions, not root)."
  }
}

variable "public_access_cidrs" {
  description = "Who may reach the API server from the Internet. Empty: only the VPC."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "public_access_cidrs: IPv4 ranges of your own, never the whole Internet."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the cluster until this is off."
  type        = bool
  default     = true
}
