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
