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
  source             = "../"
  bootstrap_manifest = file("../tests/bootstrap.yaml")
  repository         = { url = "https://github.com/acme/platform.git", secret_id = "acme/git" }
}
