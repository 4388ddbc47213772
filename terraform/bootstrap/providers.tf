terraform {
  required_version = ">= 1.11"
  required_providers {
    aws        = { source = "hashicorp/aws", version = ">= 6.28, < 7" }
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 3.0" }
    random     = { source = "hashicorp/random", version = "~> 3.7" }
  }
  backend "s3" { # bucket, key and region come with -backend-config: see docs/terraform.md
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
# Good for 15 minutes, and in neither plan nor state.
ephemeral "aws_eks_cluster_auth" "this" { name = var.cluster_name }
locals {
  kubernetes = {
    host                   = data.aws_eks_cluster.this.endpoint
    cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)
    token                  = ephemeral.aws_eks_cluster_auth.this.token
  }
}
provider "kubernetes" {
  host                   = local.kubernetes.host
  cluster_ca_certificate = local.kubernetes.cluster_ca_certificate
  token                  = local.kubernetes.token
}
# `experiments.manifest` stays off: it would bring Argo CD's own key into the state.
provider "helm" { kubernetes = local.kubernetes }
