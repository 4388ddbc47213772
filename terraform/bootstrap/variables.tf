# `gitops-gen terraform-vars ENV` prints them all. None has a default: what is forgotten is an error and destroys nothing.
variable "environment" {
  description = "The environment, whose argocd/<environment>/bootstrap.yaml is applied."
  type        = string
  validation {
    condition     = fileexists("${path.module}/../../argocd/${var.environment}/bootstrap.yaml")
    error_message = "There is no argocd/${var.environment}/bootstrap.yaml: run `gitops-gen render`."
  }
}
variable "account_id" {
  description = "The AWS account. Any other is refused."
  type        = string
}
variable "region" {
  description = "The AWS region."
  type        = string
}
variable "cluster_name" {
  description = "The EKS cluster."
  type        = string
}
variable "repository" {
  description = "The Git repository that Argo CD syncs; secret_id names a private one's credentials in Secrets Manager and is null for a public one: see modules/argocd."
  type        = object({ url = string, secret_id = string, revision = number })
  nullable    = false
}
variable "argocd" {
  description = "Argo CD with several replicas; the Git host's webhook, whose secret_id is null where there is none: see modules/argocd."
  type        = object({ ha = bool, webhook = object({ host = string, secret_id = string, revision = number }) })
  nullable    = false
}
variable "namespaces" {
  description = "Namespaces that must exist before the first sync. Never deleted from here."
  type        = set(string)
  nullable    = false
}
variable "secrets" {
  description = "First passwords. In Kubernetes: one Secret in each of namespaces, all with the same password. In Secrets Manager: <cluster>/<name>, for External Secrets to fetch. Another revision makes a new password, a lower one too."
  type = map(object({
    store        = optional(string, "kubernetes")
    namespaces   = optional(set(string), [])
    fields       = optional(map(string), {})
    password_key = optional(string, "password")
    revision     = number
  }))
  nullable = false
  validation {
    condition     = alltrue([for secret in var.secrets : secret.store == "kubernetes" ? length(secret.namespaces) > 0 && length(setsubtract(secret.namespaces, var.namespaces)) == 0 : secret.store == "secrets-manager" && length(secret.namespaces) == 0])
    error_message = "secrets: store is kubernetes, with one namespace at least and each listed in namespaces, or secrets-manager, with none."
  }
}
variable "pod_roles" {
  description = "Tiers with AWS rights: their pods take a role with these managed policies."
  type        = map(object({ namespace = string, service_account = string, policy_arns = set(string) }))
  nullable    = false
}
