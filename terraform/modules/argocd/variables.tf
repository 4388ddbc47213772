variable "bootstrap_manifest" {
  description = "The text of the generated argocd/<env>/bootstrap.yaml: an AppProject and the root Application. Applied as it stands."
  type        = string
  validation {
    condition     = try(sort([for document in split("\n---\n", trimprefix(var.bootstrap_manifest, "---\n")) : yamldecode(document).kind]) == tolist(["AppProject", "Application"]), false)
    error_message = "bootstrap_manifest: one AppProject and one Application with --- between them; run `gitops-gen render`."
  }
}
variable "repository" {
  description = "The Git repository. secret_id: a private one's credentials, in Secrets Manager as a JSON object with Argo CD's own keys (sshPrivateKey, or username and password); raise revision when they change."
  type        = object({ url = string, secret_id = optional(string), revision = optional(number, 1) })
  validation {
    condition     = can(regex("^(https://[^@ ]+|ssh://git@[^ ]+|git@[^: ]+:[^ ]+)$", var.repository.url))
    error_message = "repository.url: https://…, ssh://git@… or git@host:path, without a password."
  }
  validation {
    condition     = try(local.root.spec.source.repoURL, "") == var.repository.url
    error_message = "bootstrap_manifest syncs another repository than ${var.repository.url}: run `gitops-gen render` and `gitops-gen terraform-vars` again."
  }
}
variable "webhook" {
  description = "The Git host's webhook secret, in Secrets Manager as a JSON object with the key secret. Without one Argo CD only polls."
  type        = object({ host = optional(string, "github"), secret_id = optional(string), revision = optional(number, 1) })
  default     = {}
  validation {
    condition     = contains(["github", "gitlab"], var.webhook.host)
    error_message = "webhook.host: github or gitlab."
  }
}
variable "ha" {
  description = "Two replicas and Redis in threes; needs three nodes."
  type        = bool
  default     = false
}
