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
  editor_arns  = "arn:aws:iam::111122223333:role/dev"      # refused: access.editor_arns: the value must be of type list(string).
  viewer_arns  = 3                                         # refused: access.viewer_arns: the value must be of type list(string).
  public_cidrs = { office = "203.0.113.0/24" }             # refused: access.public_cidrs: the value must be of type list(string).
}
snapshots = {
  hours            = "daily"                                  # refused: snapshots.hours: the value must be of type number.
  copied_to        = ["eu-central-1"]                         # refused: snapshots.copied_to: the value must be of type string.
  alarm_topic_arns = "arn:aws:sns:eu-west-1:111122223333:ops" # refused: snapshots.alarm_topic_arns: the value must be of type list(string).
}
logs = {
  days           = "a year"   # refused: logs.days: the value must be of type number.
  container_days = [30]       # refused: logs.container_days: the value must be of type number.
  control_plane  = "audit"    # refused: logs.control_plane: the value must be of type list(string).
  flow_logs      = "accepted" # refused: logs.flow_logs: the value must be of type bool.
}
addon_versions = {
  amazon-cloudwatch-observability = ["v1.0.0-eksbuild.1"] # refused: addon_versions.amazon-cloudwatch-observability: the value must be of type string.
  aws-ebs-csi-driver              = ["v1.0.0-eksbuild.1"] # refused: addon_versions.aws-ebs-csi-driver: the value must be of type string.
  coredns                         = ["v1.0.0-eksbuild.1"] # refused: addon_versions.coredns: the value must be of type string.
  eks-node-monitoring-agent       = ["v1.0.0-eksbuild.1"] # refused: addon_versions.eks-node-monitoring-agent: the value must be of type string.
  eks-pod-identity-agent          = ["v1.0.0-eksbuild.1"] # refused: addon_versions.eks-pod-identity-agent: the value must be of type string.
  kube-proxy                      = ["v1.0.0-eksbuild.1"] # refused: addon_versions.kube-proxy: the value must be of type string.
  metrics-server                  = ["v1.0.0-eksbuild.1"] # refused: addon_versions.metrics-server: the value must be of type string.
  vpc-cni                         = ["v1.0.0-eksbuild.1"] # refused: addon_versions.vpc-cni: the value must be of type string.
}
