# `gitops-gen terraform-vars ENV` prints all of them. None has a default, so a missing variable is an error
# and destroys nothing.
variable "environment" {
  description = "The environment. Terraform applies its argocd/<environment>/bootstrap.yaml."
  type        = string
  validation {
    condition     = fileexists("${path.module}/../../argocd/${var.environment}/bootstrap.yaml")
    error_message = "There is no argocd/${var.environment}/bootstrap.yaml: run `gitops-gen render`."
  }
}
variable "account_id" {
  description = "The ID of the AWS account. Terraform refuses to run in another account."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: must be twelve digits, as a string."
  }
}
variable "region" {
  description = "The AWS region."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: must be a region of AWS, for instance eu-west-1."
  }
}
variable "cluster_name" {
  description = "The name of the EKS cluster."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.cluster_name))
    error_message = "cluster_name: must be 3 to 32 lower-case letters, digits and hyphens, as in terraform/infra."
  }
}
variable "repository" {
  description = "The Git repository that Argo CD syncs. secret_id is the secret in AWS Secrets Manager with the credentials of a private repository, or null for a public one. See modules/argocd."
  type        = any
  nullable    = false
}
variable "argocd" {
  description = "ha: whether Argo CD has several replicas; webhook: the webhook of the Git host, with the secret_id null if there is none. See modules/argocd."
  type        = any
  nullable    = false
}
variable "namespaces" {
  description = "The namespaces that must exist before the first sync. Terraform never deletes them."
  type        = set(string)
  nullable    = false
  validation {
    condition     = alltrue([for name in var.namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "namespaces: each must be at most 63 lower-case letters, digits and hyphens."
  }
}
variable "secrets" {
  description = "The generated passwords. With the store kubernetes, each of namespaces gets a Secret, all with the same password. With secrets-manager, the secret is <cluster>/<name>, which External Secrets Operator reads. Every change of the revision generates a new password, even to a lower number."
  type        = any
  nullable    = false
  validation {
    condition     = can(keys(var.secrets))
    error_message = "secrets: must be a map of objects by the names of the secrets."
  }
}
variable "pod_roles" {
  description = "The tiers whose Pods get an IAM role, with the managed policies of the role."
  type        = any
  nullable    = false
  validation {
    condition     = can(keys(var.pod_roles))
    error_message = "pod_roles: must be a map of objects by the names of the tiers."
  }
}

# The keys and types of each variable of type any. module.object validates them and returns the values.
locals {
  secret_keys = { store = "optional(one_of(kubernetes, secrets-manager))", namespaces = "optional(list(string))", fields = "optional(map(string))", password_key = "optional(string)", revision = "number" }
  role_keys   = { namespace = "string", service_account = "string", policy_arns = "list(string)" }
  objects = merge(
    { repository = { value = var.repository, keys = { url = "string", secret_id = "nullable(string)", revision = "number" } } },
    { argocd = { value = var.argocd, keys = { ha = "bool", webhook = "any" } } },
    # If it is missing, the entry argocd reports that, and only once.
    { for name, value in { "argocd.webhook" = try(var.argocd.webhook, null) } : name => { value = value, keys = { host = "one_of(github, gitlab)", secret_id = "nullable(string)", revision = "number" } } if value != null },
    { for name, secret in var.secrets : "secrets.${name}" => { value = secret, keys = local.secret_keys } },
    { for name, role in var.pod_roles : "pod_roles.${name}" => { value = role, keys = local.role_keys } },
  )
}
module "object" {
  source   = "../modules/object"
  for_each = local.objects
  name     = each.key
  value    = each.value.value
  keys     = each.value.keys
}
locals {
  repository = module.object["repository"].value
  argocd     = module.object["argocd"].value
  webhook    = module.object["argocd.webhook"].value
  pod_roles  = { for name, role in var.pod_roles : name => module.object["pod_roles.${name}"].value }
  secrets = { for name, secret in { for name, secret in var.secrets : name => module.object["secrets.${name}"].value } : name => {
    store        = secret.store == null ? "kubernetes" : tostring(secret.store) # coalesce would take "" for null
    namespaces   = toset(coalesce(secret.namespaces, []))
    fields       = tomap(coalesce(secret.fields, {}))
    password_key = secret.password_key == null ? "password" : tostring(secret.password_key)
    revision     = tonumber(secret.revision)
  } }
}
