provider "aws" {
  region = "eu-west-1"
}

module "security_groups" {
  source            = "../"
  name              = "acme-dev"
  vpc               = { id = "vpc-0a1b2c3d4e5f60718", cidr = "10.0.0.0/16" }
  alb_https         = true
  alb_allowed_cidrs = ["203.0.113.0/24"]
}
