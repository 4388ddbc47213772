provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source = "../"
  name   = "acme-dev"
  vpc    = { zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"], nat = "per-zone" }
  alb    = { https = true, allowed_cidrs = ["203.0.113.0/24"] }
}
