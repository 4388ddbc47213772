# The smallest setup: two small nodes, one NAT gateway, an API server that the office can reach, and no
# deletion protection.
account_id          = "111122223333"
region              = "eu-west-1"
name                = "acme-dev"
vpc                 = { zones = ["eu-west-1a", "eu-west-1b"] }
access              = { admin_arns = ["arn:aws:iam::111122223333:role/platform"], public_cidrs = ["203.0.113.0/24"] }
nodes               = { instance_types = ["t4g.large"], ami_type = "AL2023_ARM_64_STANDARD", max = 2, disk_gib = 30 }
snapshots_kept      = 3
deletion_protection = false
