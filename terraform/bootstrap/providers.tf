terraform {
  required_version = ">= 1.11"
  required_providers {
    aws        = { source = "hashicorp/aws", version = ">= 6.28, < 7" }
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 3.0" }
    random     = { source = "hashicorp/random", version = "~> 3.7" }
  }
  backend "s3" { # -backend-config sets bucket, key and region: see docs/terraform.md
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags { tags = { cluster = var.cluster_name, managed-by = "terraform" } }
}
data "aws_eks_cluster" "this" { name = var.cluster_name }
# A token is valid for 15 minutes, and Helm may wait longer. Therefore each provider runs the AWS CLI to
# get a new token when it needs one. Neither the plan nor the state contains a token.
locals {
  kubernetes = {
    host                   = data.aws_eks_cluster.this.endpoint
    cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)
    exec = {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", var.cluster_name, "--region", var.region, "--output", "json"]
    }
  }
}
provider "kubernetes" {
  host                   = local.kubernetes.host
  cluster_ca_certificate = local.kubernetes.cluster_ca_certificate
  exec {
    api_version = local.kubernetes.exec.api_version
    command     = local.kubernetes.exec.command
    args        = local.kubernetes.exec.args
  }
}
# `experiments.manifest` is not set, because it would write Argo CD's signing key into the state.
provider "helm" { kubernetes = local.kubernetes }
