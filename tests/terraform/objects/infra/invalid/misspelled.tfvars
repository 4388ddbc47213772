account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  zones = ["eu-west-1a", "eu-west-1b"]
  cidrs = "10.8.0.0/16" # refused: vpc.cidrs: there is no such key. Did you mean cidr? The keys of vpc are cidr, id, nat, private_subnets, public_subnets, zones.
  nats  = "per-zone"    # refused: vpc.nats: there is no such key. Did you mean nat? The keys of vpc are cidr, id, nat, private_subnets, public_subnets, zones.
}
alb = {
  allowed_cidr = ["203.0.113.0/24"] # refused: alb.allowed_cidr: there is no such key. Did you mean allowed_cidrs? The keys of alb are allowed_cidrs, certificate_arn.
  certificate  = null               # refused: alb.certificate: there is no such key. Did you mean certificate_arn? The keys of alb are allowed_cidrs, certificate_arn.
  waf          = true               # refused: alb.waf: there is no such key. The keys of alb are allowed_cidrs, certificate_arn.
}
nodes = {
  instance_type = "m7i.large" # refused: nodes.instance_type: there is no such key. Did you mean instance_types? The keys of nodes are ami_type, disk_gib, instance_types, max, min.
  max_size      = 5           # refused: nodes.max_size: there is no such key. Did you mean max? The keys of nodes are ami_type, disk_gib, instance_types, max, min.
  diskGib       = 80          # refused: nodes.diskGib: there is no such key. Did you mean disk_gib? The keys of nodes are ami_type, disk_gib, instance_types, max, min.
}
access = {
  admin_arns  = ["arn:aws:iam::111122223333:role/platform"]
  public_cidr = ["203.0.113.0/24"] # refused: access.public_cidr: there is no such key. Did you mean public_cidrs? The keys of access are admin_arns, editor_arns, public_cidrs, viewer_arns.
}
snapshots = {
  hour = 6 # refused: snapshots.hour: there is no such key. Did you mean hours? The keys of snapshots are alarm_topic_arns, copied_to, hours.
}
logs = {
  flowlogs = false # refused: logs.flowlogs: there is no such key. Did you mean flow_logs? The keys of logs are container_days, control_plane, days, flow_logs.
}
addon_versions = {
  vpc_cni = "v1.21.1-eksbuild.1" # refused: addon_versions.vpc_cni: there is no such key. Did you mean vpc-cni? The keys of addon_versions are amazon-cloudwatch-observability, aws-ebs-csi-driver, coredns, eks-node-monitoring-agent, eks-pod-identity-agent, kube-proxy, metrics-server, vpc-cni.
}
