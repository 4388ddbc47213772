account_id     = "111122223333"
region         = "eu-west-1"
name           = "acme-dev"
vpc            = { zones = ["eu-west-1a", "eu-west-1c"], cidr = "10.42.0.0/16", nat = "per-zone" }
alb            = { allowed_cidrs = ["203.0.113.0/24"], certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c" }
nodes          = { instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 7, disk_gib = 81 }
access         = { admin_arns = ["arn:aws:iam::111122223333:role/platform"], editor_arns = ["arn:aws:iam::111122223333:role/developers"], viewer_arns = ["arn:aws:iam::111122223333:role/on-call"], public_cidrs = ["198.51.100.0/24"] }
snapshots      = { hours = 12, copied_to = "eu-central-1", alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:ops"] }
logs           = { days = 30, container_days = 7, control_plane = ["audit"], flow_logs = false }
addon_versions = { vpc-cni = "v1.21.1-eksbuild.1", coredns = "v1.12.4-eksbuild.1" }
