variable "cluster_name" {
  description = "The EKS cluster, with its nodes running."
  type        = string
}
variable "kubernetes_version" {
  description = "The cluster's minor version, for the add-ons' versions."
  type        = string
}
variable "external_secrets" {
  description = "Let external-secrets/external-secrets read the Secrets Manager secrets named <cluster>/*."
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
