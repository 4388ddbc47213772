variable "name" {
  description = "The role's name."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "1 to 64 characters that IAM allows in a name."
  }
}

variable "pods" {
  description = "Which pods may take the role."
  type        = object({ cluster = string, namespace = string, service_account = string })
  validation {
    condition     = alltrue([for name in [var.pods.namespace, var.pods.service_account] : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", name))])
    error_message = "namespace and service_account are names of Kubernetes objects: lower-case letters, digits, hyphens."
  }
}

variable "policy_arns" {
  description = "Managed policies to attach; the keys are only names, known before the ARNs are."
  type        = map(string)
  default     = {}
}

variable "policies" {
  description = "Inline policies, name to JSON."
  type        = map(string)
  default     = {}
}
