output "name" {
  description = "The cluster's name. Complete only with its nodes, so that what runs on them can wait for it."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_node_group.zone, aws_eks_access_policy_association.admin]
}
