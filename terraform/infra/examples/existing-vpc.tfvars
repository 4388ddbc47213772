# An existing VPC, with editors and viewers, and with tags on all resources.
account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  id              = "vpc-0a1b2c3d4e5f60718"
  private_subnets = { eu-west-1a = "subnet-0a1b2c3d4e5f60718", eu-west-1b = "subnet-18f0e1d2c3b4a5968" }
  public_subnets  = { eu-west-1a = "subnet-1a1b2c3d4e5f60718", eu-west-1b = "subnet-28f0e1d2c3b4a5968" }
}
access = {
  admin_arns  = ["arn:aws:iam::111122223333:role/platform"]
  editor_arns = ["arn:aws:iam::111122223333:role/developers"]
  viewer_arns = ["arn:aws:iam::111122223333:role/on-call"]
}
snapshots                 = { hours = 6, copied_to = "eu-central-1", alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:on-call"] }
logs                      = { days = 90, container_days = 30, control_plane = ["audit", "authenticator"] }
addon_versions            = { vpc-cni = "v1.21.1-eksbuild.1", coredns = "v1.12.4-eksbuild.1" }
ebs_encryption_by_default = false
tags                      = { team = "shop", cost-centre = "4711" }
