provider "aws" {
  region = "eu-west-1"
}

provider "helm" {
  kubernetes = { config_path = "~/.kube/config" }
}

provider "kubernetes" {
  config_path = "~/.kube/config"
}

module "argocd" {
  source               = "../"
  bootstrap_manifest   = file("../tests/bootstrap.yaml")
  repository_url       = "https://github.com/acme/platform.git"
  repository_secret_id = "acme/git"
}
