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
  description = "Of the nodes: one, or several alike."
  type        = list(string)
  default     = ["m6i.large"]
  nullable    = false
  validation {
    condition     = length(var.instance_types) > 0 && alltrue([for type in var.instance_types : can(regex("^[a-z][a-z0-9-]*[0-9][a-z0-9-]*\\.[a-z0-9-]+$", type))])
    error_message = "nodes.instance_types (instance_types): one at least, each as in m6i.large."
  }
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
  # AWS' own Arm processors have a g after the generation: m7g, c8gd.
  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^(a1|[a-z]+[0-9]+g[a-z]*)(-[a-z0-9]+)?\\.", type)) == (var.ami_type == "AL2023_ARM_64_STANDARD")])
    error_message = "nodes.ami_type (ami_type): ${var.ami_type} does not start on ${join(", ", var.instance_types)}. AL2023_ARM_64_STANDARD is for Graviton (m7g, t4g, …), AL2023_x86_64_STANDARD for all others."
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
variable "editor_arns" {
  description = "IAM roles or users who change what runs in every namespace, but no roles, quotas or namespaces."
  type        = set(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.editor_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn)) && !contains(var.admin_arns, arn)])
    error_message = "access.editor_arns (editor_arns): ARNs of IAM roles or users, each of which is no administrator already."
  }
}
variable "viewer_arns" {
  description = "IAM roles or users who see what runs in every namespace, but no Secrets."
  type        = set(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.viewer_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn)) && !contains(setunion(var.admin_arns, var.editor_arns), arn)])
    error_message = "access.viewer_arns (viewer_arns): ARNs of IAM roles or users, each of which is no administrator or editor already."
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
variable "log_types" {
  description = "What the control plane logs. It costs about half a dollar for each GB; audit is most of it, and what an investigation needs."
  type        = set(string)
  default     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  nullable    = false
  validation {
    condition     = length(setsubtract(var.log_types, ["api", "audit", "authenticator", "controllerManager", "scheduler"])) == 0
    error_message = "logs.control_plane (log_types): only api, audit, authenticator, controllerManager, scheduler."
  }
}
variable "log_days" {
  description = "How long they are kept."
  type        = number
  default     = 365
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.days (log_days): ${var.log_days} is none of the numbers that CloudWatch takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
variable "addon_versions" {
  description = "Versions of add-ons, by name; AWS' default for the Kubernetes version where none is given. Names of add-ons of other modules are ignored."
  type        = map(string)
  default     = {}
  nullable    = false
  validation {
    condition     = alltrue([for version in values(var.addon_versions) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions: each as in v1.21.1-eksbuild.1: aws eks describe-addon-versions --addon-name vpc-cni."
  }
}
variable "tags" {
  description = "On each node, its volumes and network interfaces, besides Name."
  type        = map(string)
  default     = {}
  nullable    = false
}
