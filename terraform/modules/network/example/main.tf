provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source = "../"
  name   = "acme-dev"
  zones  = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  nat    = "per-zone"
}
