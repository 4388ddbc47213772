provider "aws" {
  region = "eu-west-1"
}

module "addons" {
  source             = "../"
  cluster_name       = "acme-dev"
  kubernetes_version = "1.35"
  roles              = ["external-secrets"]
}
