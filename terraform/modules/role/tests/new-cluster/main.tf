# The same configuration makes the cluster, so the plan does not know the cluster's id yet.
resource "aws_eks_cluster" "this" {
  name     = "acme-dev"
  role_arn = "arn:aws:iam::111122223333:role/acme-dev-cluster"
  vpc_config { subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"] }
}
module "role" {
  source          = "../../"
  name            = "acme-dev-backend"
  cluster         = aws_eks_cluster.this.id
  namespace       = "shop"
  service_account = "backend"
}
