# A message contains the name of the variable in the root, and in parentheses its name in this module.
variable "bootstrap_manifest" {
  description = "The content of the generated argocd/<env>/bootstrap.yaml, with an AppProject and the root Application. It is applied unchanged."
  type        = string
  validation {
    condition     = try(sort([for document in split("\n---\n", trimprefix(var.bootstrap_manifest, "---\n")) : yamldecode(document).kind]) == tolist(["AppProject", "Application"]), false)
    error_message = "bootstrap_manifest: must contain one AppProject and one Application, separated by ---. Run `gitops-gen render`."
  }
}
variable "repository_url" {
  description = "The URL of the Git repository."
  type        = string
  validation {
    condition     = can(regex("^(https://[^@ ]+|ssh://git@[^ ]+|git@[^: ]+:[^ ]+)$", var.repository_url))
    error_message = "repository.url (repository_url): must have the form https://…, ssh://git@… or git@host:path, and no password."
  }
  validation {
    condition     = try(local.root.spec.source.repoURL, "") == var.repository_url
    error_message = "bootstrap_manifest syncs a repository that is not ${var.repository_url}: run `gitops-gen render` and `gitops-gen terraform-vars` again."
  }
}
variable "repository_secret_id" {
  description = "The secret in AWS Secrets Manager with the credentials of a private repository: a JSON object with the keys of Argo CD, sshPrivateKey, or username and password."
  type        = string
  default     = null
}
variable "repository_revision" {
  description = "The revision of the credentials. Increase it when they change."
  type        = number
  default     = 1
  nullable    = false
}
variable "webhook_host" {
  description = "The type of the Git host that sends the webhook."
  type        = string
  default     = "github"
  nullable    = false
  validation {
    condition     = contains(["github", "gitlab"], var.webhook_host)
    error_message = "argocd.webhook.host (webhook_host): must be github or gitlab."
  }
}
variable "webhook_secret_id" {
  description = "The secret in AWS Secrets Manager for the webhook: a JSON object with the key secret. Without it, Argo CD only polls the repository."
  type        = string
  default     = null
}
variable "webhook_revision" {
  description = "The revision of the webhook's secret. Increase it when the secret changes."
  type        = number
  default     = 1
  nullable    = false
}
variable "ha" {
  description = "Whether Argo CD has two replicas and Redis has three Pods. This needs three nodes."
  type        = bool
  default     = false
  nullable    = false
}
