# A message names a variable as users of the roots write it, and in brackets as it is here.
variable "bootstrap_manifest" {
  description = "The text of the generated argocd/<env>/bootstrap.yaml: an AppProject and the root Application. Applied as it stands."
  type        = string
  validation {
    condition     = try(sort([for document in split("\n---\n", trimprefix(var.bootstrap_manifest, "---\n")) : yamldecode(document).kind]) == tolist(["AppProject", "Application"]), false)
    error_message = "bootstrap_manifest: one AppProject and one Application with --- between them; run `gitops-gen render`."
  }
}
variable "repository_url" {
  description = "The Git repository."
  type        = string
  validation {
    condition     = can(regex("^(https://[^@ ]+|ssh://git@[^ ]+|git@[^: ]+:[^ ]+)$", var.repository_url))
    error_message = "repository.url (repository_url): https://…, ssh://git@… or git@host:path, without a password."
  }
  validation {
    condition     = try(local.root.spec.source.repoURL, "") == var.repository_url
    error_message = "bootstrap_manifest syncs another repository than ${var.repository_url}: run `gitops-gen render` and `gitops-gen terraform-vars` again."
  }
}
variable "repository_secret_id" {
  description = "A private repository's credentials, in Secrets Manager as a JSON object with Argo CD's own keys: sshPrivateKey, or username and password."
  type        = string
  default     = null
}
variable "repository_revision" {
  description = "Raise it when they change."
  type        = number
  default     = 1
  nullable    = false
}
variable "webhook_host" {
  description = "The kind of Git host that sends the webhook."
  type        = string
  default     = "github"
  nullable    = false
  validation {
    condition     = contains(["github", "gitlab"], var.webhook_host)
    error_message = "argocd.webhook.host (webhook_host): github or gitlab."
  }
}
variable "webhook_secret_id" {
  description = "The webhook's secret, in Secrets Manager as a JSON object with the key secret. Without one Argo CD only polls."
  type        = string
  default     = null
}
variable "webhook_revision" {
  description = "Raise it when that changes."
  type        = number
  default     = 1
  nullable    = false
}
variable "ha" {
  description = "Two replicas and Redis in threes; needs three nodes."
  type        = bool
  default     = false
  nullable    = false
}
