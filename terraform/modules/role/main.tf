# Holds for network, cluster and addons too, which all make roles.
terraform {
  required_version = ">= 1.11"
  required_providers { aws = { source = "hashicorp/aws", version = ">= 6.28, < 7" } }
}

variable "name" {
  description = "The role's name."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "role ${var.name}: its name must be 1 to 64 characters that IAM allows in a name."
  }
}
variable "service" {
  description = "Who takes the role: an AWS service. For pods it is EKS Pod Identity."
  type        = string
  default     = "pods.eks.amazonaws.com"
}
variable "account" {
  description = "The only account that the service may take the role for. Not every service says for which one it acts: see AWS' documentation of the role."
  type        = string
  default     = null
}
variable "cluster" {
  description = "For pods: their EKS cluster."
  type        = string
  default     = null
  validation {
    condition     = alltrue([for name in [var.namespace, var.service_account] : var.cluster == null ? name == null : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", name))])
    error_message = "role ${var.name}: cluster, namespace, service_account: all three for pods, none for another service. namespace and service_account are names of Kubernetes objects: lower-case letters, digits, hyphens."
  }
}
variable "namespace" {
  description = "For pods: their namespace."
  type        = string
  default     = null
}
variable "service_account" {
  description = "For pods: their ServiceAccount."
  type        = string
  default     = null
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

# EKS puts these tags on a pod's session: no other one gets the role, whatever associations exist.
resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ for key, value in {
    Effect    = "Allow"
    Principal = { Service = var.service }
    Action    = var.service_account == null ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"]
    Condition = { StringEquals = { for key, value in {
      "aws:RequestTag/eks-cluster-name"           = var.cluster
      "aws:RequestTag/kubernetes-namespace"       = var.namespace
      "aws:RequestTag/kubernetes-service-account" = var.service_account
      "aws:SourceAccount"                         = var.account
    } : key => value if value != null } }
  } : key => value if key != "Condition" || var.service_account != null || var.account != null }] })
}
resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.policy_arns
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_role_policy" "this" {
  for_each = var.policies
  name     = each.key
  role     = aws_iam_role.this.name
  policy   = each.value
}
# A pod gets the role only if this stands when the pod is admitted.
resource "aws_eks_pod_identity_association" "this" {
  count           = var.service_account == null ? 0 : 1 # the cluster's name may be known later
  cluster_name    = var.cluster
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.this.arn
  depends_on      = [aws_iam_role_policy_attachment.this, aws_iam_role_policy.this]
}

output "arn" {
  description = "The role's ARN, known only when it can be used: with its policies, and with the pods' association."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_iam_role_policy_attachment.this, aws_iam_role_policy.this, aws_eks_pod_identity_association.this]
}
