# Nodes in three zones, each with its own NAT gateway. The database has one Pod and a volume in one zone. If
# that zone fails, the database is unavailable until the zone works again or a snapshot is restored.
account_id  = "444455556666"
region      = "eu-west-1"
name        = "acme-prod"
vpc         = { zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"], cidr = "10.8.0.0/16", nat = "per-zone" }
alb         = { certificate_arn = "arn:aws:acm:eu-west-1:444455556666:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" }
access      = { admin_arns = ["arn:aws:iam::444455556666:role/platform"] }
nodes       = { instance_types = ["m7i.xlarge"], min = 2, max = 6 }
addon_roles = ["external-secrets"]
tags        = { team = "shop" }
