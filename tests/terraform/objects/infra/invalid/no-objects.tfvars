account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc        = ["eu-west-1a", "eu-west-1b"]              # refused: vpc: the value must be an object. The keys of vpc are cidr, nat, zones.
alb        = "203.0.113.0/24"                          # refused: alb: the value must be an object. The keys of alb are allowed_cidrs, certificate_arn.
nodes      = 3                                         # refused: nodes: the value must be an object. The keys of nodes are ami_type, disk_gib, instance_types, max, min.
access     = "arn:aws:iam::111122223333:role/platform" # refused: access: the value must be an object. The keys of access are admin_arns, public_cidrs.
