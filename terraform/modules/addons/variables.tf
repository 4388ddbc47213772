variable "cluster_name" {
  description = "The name of the EKS cluster. Its nodes must run."
  type        = string
}
variable "kubernetes_version" {
  description = "The minor version of the cluster, which determines the versions of the add-ons."
  type        = string
}
variable "roles" {
  description = "The add-ons that get an IAM role, of those in roles.json whose role is optional."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for name in var.roles : try(jsondecode(file("${path.module}/roles.json"))[name].optional, false)])
    error_message = "roles: may contain only ${join(", ", [for name, role in jsondecode(file("${path.module}/roles.json")) : name if role.optional])}."
  }
}
variable "external_secrets" {
  description = "The same as external-secrets in roles: the ServiceAccount external-secrets/external-secrets may read the secrets <cluster>/* in AWS Secrets Manager."
  type        = bool
  default     = false
}
variable "snapshots_kept" {
  description = "The number of snapshots to keep of every volume of the cluster's PersistentVolumeClaims. With 0, no snapshots are taken."
  type        = number
  default     = 14
  validation {
    condition     = var.snapshots_kept >= 0 && var.snapshots_kept <= 1000 && floor(var.snapshots_kept) == var.snapshots_kept
    error_message = "snapshots_kept: must be a number from 0 to 1000."
  }
}
variable "snapshot_hours" {
  description = "The interval between snapshots in hours. With 24, a snapshot is taken every night at three (UTC)."
  type        = number
  default     = 24
  nullable    = false
  validation {
    condition     = contains([1, 2, 3, 4, 6, 8, 12, 24], var.snapshot_hours)
    error_message = "snapshots.hours (snapshot_hours): must be 1, 2, 3, 4, 6, 8, 12 or 24."
  }
}
variable "snapshots_copied_to" {
  description = "The region to which each snapshot is copied and where it is kept for the same time, or null."
  type        = string
  default     = null
}
variable "alarm_topic_arns" {
  description = "The SNS topics that are notified if a snapshot fails."
  type        = list(string)
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$", arn))])
    error_message = "snapshots.alarm_topic_arns (alarm_topic_arns): must contain ARNs of SNS topics."
  }
}
variable "log_days" {
  description = "The retention of the logs of Pods and nodes in CloudWatch, in days."
  type        = number
  default     = 90
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.container_days (log_days): ${var.log_days} is not one of the numbers that CloudWatch accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
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
  description = "The tags of each volume of the cluster's PersistentVolumeClaims, in addition to the tag for snapshots."
  type        = map(string)
  default     = {}
  nullable    = false
}
