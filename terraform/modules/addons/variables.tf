variable "cluster_name" {
  description = "The EKS cluster, with its nodes running."
  type        = string
}
variable "kubernetes_version" {
  description = "The cluster's minor version, for the add-ons' versions."
  type        = string
}
variable "roles" {
  description = "The add-ons that get their AWS role, of those in roles.json whose role is optional."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for name in var.roles : try(jsondecode(file("${path.module}/roles.json"))[name].optional, false)])
    error_message = "roles: only ${join(", ", [for name, role in jsondecode(file("${path.module}/roles.json")) : name if role.optional])}."
  }
}
variable "external_secrets" {
  description = "The same as external-secrets in roles: let external-secrets/external-secrets read the Secrets Manager secrets named <cluster>/*."
  type        = bool
  default     = false
}
variable "snapshots_kept" {
  description = "Daily snapshots to keep of every volume that the cluster's claims make. 0: none are made."
  type        = number
  default     = 14
  validation {
    condition     = var.snapshots_kept >= 0 && var.snapshots_kept <= 1000 && floor(var.snapshots_kept) == var.snapshots_kept
    error_message = "snapshots_kept: 0 to 1000."
  }
}
variable "snapshot_hours" {
  description = "Hours from one snapshot to the next: 24 is every night at three (UTC)."
  type        = number
  default     = 24
  nullable    = false
  validation {
    condition     = contains([1, 2, 3, 4, 6, 8, 12, 24], var.snapshot_hours)
    error_message = "snapshots.hours (snapshot_hours): 1, 2, 3, 4, 6, 8, 12 or 24."
  }
}
variable "snapshots_copied_to" {
  description = "Another region, to which each snapshot is copied, and kept as long. Null: none."
  type        = string
  default     = null
}
variable "alarm_topic_arns" {
  description = "SNS topics that are told when a snapshot fails."
  type        = list(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$", arn))])
    error_message = "snapshots.alarm_topic_arns (alarm_topic_arns): ARNs of SNS topics."
  }
}
variable "log_days" {
  description = "How long CloudWatch keeps what Pods and nodes print."
  type        = number
  default     = 90
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.container_days (log_days): ${var.log_days} is none of the numbers that CloudWatch takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
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
  description = "On each volume of the cluster's claims, besides the tag of its snapshots."
  type        = map(string)
  default     = {}
  nullable    = false
}
