account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  zones = ["eu-west-1a", "eu-west-1b"]
  cidr  = "10.0.0.0/24" # refused: vpc.cidr (cidr): must be an IPv4 range from /16 to /21
}
alb = { allowed_cidrs = ["everybody"] } # refused: alb.allowed_cidrs (alb_allowed_cidrs): must contain IPv4 ranges
nodes = {
  ami_type = "AL2023_ARM_64_STANDARD" # refused: nodes.ami_type (ami_type): AL2023_ARM_64_STANDARD does not start on m6i.large.
  min      = 3
  max      = 2  # refused: nodes.max (max_nodes): must be at least nodes.min (min_nodes), which is 3.
  disk_gib = 10 # refused: nodes.disk_gib (disk_gib): must be at least 20.
}
access = {
  admin_arns   = []            # refused: access.admin_arns (admin_arns): must contain at least one ARN of an IAM role or user
  public_cidrs = ["0.0.0.0/0"] # refused: access.public_cidrs (public_cidrs): must contain IPv4 ranges of your own
}
snapshots = {
  hours            = 5       # refused: snapshots.hours (snapshot_hours): must be 1, 2, 3, 4, 6, 8, 12 or 24.
  alarm_topic_arns = ["ops"] # refused: snapshots.alarm_topic_arns (alarm_topic_arns): must contain ARNs of SNS topics.
}
logs = {
  days           = 100 # refused: logs.days (log_days): 100 is not one of the numbers that CloudWatch accepts
  container_days = 31  # refused: logs.container_days (log_days): 31 is not one of the numbers that CloudWatch accepts
}
addon_versions = { vpc-cni = "1.21" } # refused: addon_versions: each must have a form like v1.21.1-eksbuild.1
