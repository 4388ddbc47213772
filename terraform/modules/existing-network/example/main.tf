provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source          = "../"
  vpc_id          = "vpc-0a1b2c3d4e5f60718"
  private_subnets = { eu-west-1a = "subnet-0a1b2c3d4e5f60718", eu-west-1b = "subnet-18f0e1d2c3b4a5968" }
  public_subnets  = { eu-west-1a = "subnet-1a1b2c3d4e5f60718", eu-west-1b = "subnet-28f0e1d2c3b4a5968" }
}
