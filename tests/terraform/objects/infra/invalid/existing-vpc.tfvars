account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
access     = { admin_arns = ["arn:aws:iam::111122223333:role/platform"] }
vpc = {
  id              = ["vpc-0a1b2c3d4e5f60718"]    # refused: vpc.id: the value must be of type string.
  private_subnets = ["subnet-0a1b2c3d4e5f60718"] # refused: vpc.private_subnets: the value must be of type map(string).
  public_subnets  = "subnet-1a1b2c3d4e5f60718"   # refused: vpc.public_subnets: the value must be of type map(string).
}
