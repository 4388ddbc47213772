# A message contains the name of the variable in the root, and in parentheses its name in this module.
variable "name" {
  description = "The name of the cluster."
  type        = string
}
variable "kubernetes_version" {
  description = "The EKS minor version. Increase it by one minor version at a time."
  type        = string
  default     = "1.35"
  validation {
    condition     = can(regex("^1\\.(3[4-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version: must be a minor version from 1.34 on, as a string: \"1.35\"."
  }
}
variable "subnets" {
  description = "The ID of the private subnet of each zone, for at least two zones."
  type        = map(string)
}
variable "node_security_group" {
  description = "The ID of the only security group of the nodes."
  type        = string
}
variable "control_plane_security_group" {
  description = "The ID of the security group of the control plane, in addition to the one that EKS creates."
  type        = string
}
variable "instance_types" {
  description = "The instance types of the nodes. Several types must have similar sizes."
  type        = list(string)
  default     = ["m6i.large"]
  nullable    = false
  validation {
    condition     = length(var.instance_types) > 0 && alltrue([for type in var.instance_types : can(regex("^[a-z][a-z0-9-]*[0-9][a-z0-9-]*\\.[a-z0-9-]+$", type))])
    error_message = "nodes.instance_types (instance_types): must contain at least one type, each in a form like m6i.large."
  }
}
variable "ami_type" {
  description = "The AMI type, which must match the architecture of the instance types."
  type        = string
  default     = "AL2023_x86_64_STANDARD"
  nullable    = false
  validation {
    condition     = contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"], var.ami_type)
    error_message = "nodes.ami_type (ami_type): must be AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
  }
  # The names of Graviton types have a g after the generation, for instance m7g and c8gd.
  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^(a1|[a-z]+[0-9]+g[a-z]*)(-[a-z0-9]+)?\\.", type)) == (var.ami_type == "AL2023_ARM_64_STANDARD")])
    error_message = "nodes.ami_type (ami_type): ${var.ami_type} does not start on ${join(", ", var.instance_types)}. AL2023_ARM_64_STANDARD is for Graviton (m7g, t4g, …), AL2023_x86_64_STANDARD for all others."
  }
}
variable "min_nodes" {
  description = "The minimum number of nodes in each zone. Each zone has its own node group, because a volume can only be used in its zone."
  type        = number
  default     = 1
  nullable    = false
  validation {
    condition     = var.min_nodes >= 1
    error_message = "nodes.min (min_nodes): must be at least 1."
  }
}
variable "max_nodes" {
  description = "The maximum number of nodes in each zone."
  type        = number
  default     = 3
  nullable    = false
  validation {
    condition     = var.max_nodes >= var.min_nodes
    error_message = "nodes.max (max_nodes): must be at least nodes.min (min_nodes), which is ${var.min_nodes}."
  }
}
variable "disk_gib" {
  description = "The size of the root volume of each node, in GiB."
  type        = number
  default     = 50
  nullable    = false
  validation {
    condition     = var.disk_gib >= 20
    error_message = "nodes.disk_gib (disk_gib): must be at least 20."
  }
}
variable "admin_arns" {
  description = "The IAM roles or users that administer the cluster. The creator of the cluster is not included automatically."
  type        = set(string)
  validation {
    condition     = length(var.admin_arns) >= 1 && alltrue([for arn in var.admin_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "access.admin_arns (admin_arns): must contain at least one ARN of an IAM role or user (not of an STS session or of root)."
  }
}
variable "editor_arns" {
  description = "The IAM roles or users that may change workloads in every namespace, but no roles, quotas or namespaces."
  type        = set(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.editor_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn)) && !contains(var.admin_arns, arn)])
    error_message = "access.editor_arns (editor_arns): must contain ARNs of IAM roles or users that are not in admin_arns."
  }
}
variable "viewer_arns" {
  description = "The IAM roles or users that may read all namespaces, except for Secrets."
  type        = set(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.viewer_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn)) && !contains(setunion(var.admin_arns, var.editor_arns), arn)])
    error_message = "access.viewer_arns (viewer_arns): must contain ARNs of IAM roles or users that are not in admin_arns or editor_arns."
  }
}
variable "public_cidrs" {
  description = "The address ranges that may reach the API server from the Internet. If it is empty, only the VPC may."
  type        = list(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for cidr in var.public_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "access.public_cidrs (public_cidrs): must contain IPv4 ranges of your own, and not the whole Internet."
  }
}
variable "deletion_protection" {
  description = "Whether EKS refuses to delete the cluster."
  type        = bool
  default     = true
}
variable "log_types" {
  description = "The types of control plane logs. They cost about 0.50 USD per GB. Most of it is the audit log, which is needed to investigate an intrusion."
  type        = set(string)
  default     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  nullable    = false
  validation {
    condition     = length(setsubtract(var.log_types, ["api", "audit", "authenticator", "controllerManager", "scheduler"])) == 0
    error_message = "logs.control_plane (log_types): may contain only api, audit, authenticator, controllerManager, scheduler."
  }
}
variable "log_days" {
  description = "The retention of the control plane logs, in days."
  type        = number
  default     = 365
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.days (log_days): ${var.log_days} is not one of the numbers that CloudWatch accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
variable "addon_versions" {
  description = "The versions of add-ons by name. Other add-ons have the default version of AWS for the Kubernetes version. Names of add-ons in other modules are ignored."
  type        = map(string)
  default     = {}
  nullable    = false
  validation {
    condition     = alltrue([for version in values(var.addon_versions) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions: each must have a form like v1.21.1-eksbuild.1. List the versions with aws eks describe-addon-versions --addon-name vpc-cni."
  }
}
variable "tags" {
  description = "The tags of each node, its volumes and its network interfaces, in addition to Name."
  type        = map(string)
  default     = {}
  nullable    = false
}
