output "role_arn" {
  description = "The role's ARN. Complete only with the association, so that pods can wait for it."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_eks_pod_identity_association.this]
}
