account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  zones = "eu-west-1a"                # refused: vpc.zones: the value must be of type list(string).
  cidr  = ["10.8.0.0/16"]             # refused: vpc.cidr: the value must be of type string.
  nat   = { "eu-west-1a" = "single" } # refused: vpc.nat: the value must be of type string.
}
alb = {
  allowed_cidrs   = "203.0.113.0/24"                                            # refused: alb.allowed_cidrs: the value must be of type list(string).
  certificate_arn = ["arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c"] # refused: alb.certificate_arn: the value must be of type string.
}
nodes = {
  instance_types = "m7i.large"                # refused: nodes.instance_types: the value must be of type list(string).
  ami_type       = ["AL2023_ARM_64_STANDARD"] # refused: nodes.ami_type: the value must be of type string.
  min            = "two"                      # refused: nodes.min: the value must be of type number.
  max            = [5]                        # refused: nodes.max: the value must be of type number.
  disk_gib       = "80 GiB"                   # refused: nodes.disk_gib: the value must be of type number.
}
access = {
  admin_arns   = "arn:aws:iam::111122223333:role/platform" # refused: access.admin_arns: the value must be of type list(string).
  public_cidrs = { office = "203.0.113.0/24" }             # refused: access.public_cidrs: the value must be of type list(string).
}
