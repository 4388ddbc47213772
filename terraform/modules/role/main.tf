# These constraints also apply to the modules network, cluster and addons, which all use this module.
terraform {
  required_version = ">= 1.11"
  required_providers { aws = { source = "hashicorp/aws", version = ">= 6.28, < 7" } }
}

variable "name" {
  description = "The name of the role."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "role ${var.name}: its name must be 1 to 64 characters that IAM allows in a name."
  }
}
variable "service" {
  description = "The AWS service that assumes the role. For Pods, this is EKS Pod Identity."
  type        = string
  default     = "pods.eks.amazonaws.com"
}
variable "account" {
  description = "The only account for which the service may assume the role. Not every service sends its account: see the documentation of the role by AWS."
  type        = string
  default     = null
}
variable "cluster" {
  description = "For Pods: the name of their EKS cluster."
  type        = string
  default     = null
  validation {
    condition     = alltrue([for name in [var.namespace, var.service_account] : var.cluster == null ? name == null : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", name))])
    error_message = "role ${var.name}: cluster, namespace and service_account must all be set for Pods, and none of them for another service. namespace and service_account must be names of Kubernetes objects: lower-case letters, digits and hyphens."
  }
}
variable "namespace" {
  description = "For pods: their namespace."
  type        = string
  default     = null
}
variable "service_account" {
  description = "For Pods: their ServiceAccount."
  type        = string
  default     = null
}
variable "policy_arns" {
  description = "The ARNs of managed policies. The keys are arbitrary names that must be known at plan time."
  type        = map(string)
  default     = {}
}
variable "policies" {
  description = "The inline policies: JSON by name."
  type        = map(string)
  default     = {}
}

# EKS sets these tags on the session of a Pod. Other Pods cannot assume the role, whatever associations
# exist.
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
# A Pod gets the role only if the association exists when the Pod is admitted.
resource "aws_eks_pod_identity_association" "this" {
  count           = var.service_account == null ? 0 : 1 # the name of the cluster may be unknown at plan time
  cluster_name    = var.cluster
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.this.arn
  depends_on      = [aws_iam_role_policy_attachment.this, aws_iam_role_policy.this]
}

output "arn" {
  description = "The ARN of the role. It depends on the policies and on the association of the Pods."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_iam_role_policy_attachment.this, aws_iam_role_policy.this, aws_eks_pod_identity_association.this]
}
