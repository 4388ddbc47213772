provider "aws" {
  region = "eu-west-1"
}

module "cluster" {
  source                       = "../"
  name                         = "acme-dev"
  subnets                      = { eu-west-1a = "subnet-0a1b2c3d4e5f60718", eu-west-1b = "subnet-18f0e1d2c3b4a5968" }
  node_security_group          = "sg-0a1b2c3d4e5f60718"
  control_plane_security_group = "sg-18f0e1d2c3b4a5968"
  admin_arns                   = ["arn:aws:iam::111122223333:role/platform"]
  instance_types               = ["t4g.large"]
  ami_type                     = "AL2023_ARM_64_STANDARD"
}
