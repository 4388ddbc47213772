account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc        = { zones = ["eu-west-1a", "eu-west-1c"], cidr = "10.42.0.0/16", nat = "per-zone" }
alb        = { allowed_cidrs = ["203.0.113.0/24"], certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c" }
nodes      = { instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 7, disk_gib = 81 }
access     = { admin_arns = ["arn:aws:iam::111122223333:role/platform"], public_cidrs = ["198.51.100.0/24"] }
