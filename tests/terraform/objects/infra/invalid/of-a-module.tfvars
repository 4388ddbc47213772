account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  zones = ["eu-west-1a", "eu-west-1b"]
  cidr  = "10.0.0.0/24" # refused: vpc.cidr (cidr): an IPv4 range from /16 to /21
  nat   = "one"         # refused: vpc.nat (nat): single or per-zone.
}
alb = { allowed_cidrs = ["everybody"] } # refused: alb.allowed_cidrs (alb_allowed_cidrs): IPv4 ranges
nodes = {
  ami_type = "AL2"
  # refused: nodes.ami_type (ami_type): AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD.
  min      = 3
  max      = 2  # refused: nodes.max (max_nodes): at least nodes.min (min_nodes), which is 3.
  disk_gib = 10 # refused: nodes.disk_gib (disk_gib): at least 20.
}
access = {
  admin_arns   = []            # refused: access.admin_arns (admin_arns): ARNs of IAM roles or users
  public_cidrs = ["0.0.0.0/0"] # refused: access.public_cidrs (public_cidrs): IPv4 ranges of your own
}
