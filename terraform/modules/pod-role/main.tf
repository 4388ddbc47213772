resource "aws_iam_role" "this" {
  name        = var.name
  description = "For ${var.pods.namespace}/${var.pods.service_account} in ${var.pods.cluster}."
  # EKS puts these tags on the session, so no other cluster or ServiceAccount gets the role,
  # whatever associations somebody adds.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = { StringEquals = {
        "aws:RequestTag/eks-cluster-name"           = var.pods.cluster
        "aws:RequestTag/kubernetes-namespace"       = var.pods.namespace
        "aws:RequestTag/kubernetes-service-account" = var.pods.service_account
      } }
    }]
  })
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
  cluster_name    = var.pods.cluster
  namespace       = var.pods.namespace
  service_account = var.pods.service_account
  role_arn        = aws_iam_role.this.arn
  depends_on      = [aws_iam_role_policy_attachment.this, aws_iam_role_policy.this]
}
