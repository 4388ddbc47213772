terraform {
  required_version = ">= 1.11"
  required_providers { aws = { source = "hashicorp/aws", version = ">= 6.28, < 7" } }
  backend "s3" { # -backend-config sets bucket, key and region: see docs/terraform.md
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags { tags = local.tags }
}

# A plan with the state of another environment fails. A destroy does not fail: it checks no condition.
resource "terraform_data" "identity" {
  input = { account = var.account_id, region = var.region, name = var.name }
  lifecycle {
    ignore_changes = [input]
    postcondition {
      condition     = self.output == { account = var.account_id, region = var.region, name = var.name }
      error_message = "This is the state of ${self.output.name} (${self.output.region}, account ${self.output.account}), not of ${var.name}: run `terraform init -reconfigure -backend-config=<env>.backend.hcl` with the file of its environment."
    }
  }
}
# Encrypts every new volume of the account in this region, including those of the StorageClass gp2.
resource "aws_ebs_encryption_by_default" "this" {
  count = var.ebs_encryption_by_default ? 1 : 0
}
module "network" {
  source    = "../modules/network"
  count     = local.vpc.id == null ? 1 : 0
  name      = var.name
  zones     = local.vpc.zones
  cidr      = local.vpc.cidr
  nat       = local.vpc.nat
  flow_logs = local.logs.flow_logs
  log_days  = local.logs.days
}
module "existing_network" {
  source          = "../modules/existing-network"
  count           = local.vpc.id == null ? 0 : 1
  vpc_id          = local.vpc.id
  private_subnets = local.vpc.private_subnets
  public_subnets  = local.vpc.public_subnets
}
locals { network = one(concat(module.network, module.existing_network)) }
module "security_groups" {
  source            = "../modules/security-groups"
  name              = var.name
  vpc               = { id = local.network.vpc.id, cidr = local.network.vpc.cidr }
  alb_allowed_cidrs = local.alb.allowed_cidrs
  alb_https         = local.alb.certificate_arn != null
}
module "cluster" {
  source                       = "../modules/cluster"
  name                         = var.name
  kubernetes_version           = var.kubernetes_version
  subnets                      = local.network.subnets
  node_security_group          = module.security_groups.node
  control_plane_security_group = module.security_groups.control_plane
  instance_types               = local.nodes.instance_types
  ami_type                     = local.nodes.ami_type
  min_nodes                    = local.nodes.min
  max_nodes                    = local.nodes.max
  disk_gib                     = local.nodes.disk_gib
  admin_arns                   = local.access.admin_arns
  editor_arns                  = local.access.editor_arns
  viewer_arns                  = local.access.viewer_arns
  public_cidrs                 = local.access.public_cidrs
  deletion_protection          = var.deletion_protection
  log_types                    = local.logs.control_plane
  log_days                     = local.logs.days
  addon_versions               = local.addon_versions
  tags                         = local.tags
}
module "addons" {
  source              = "../modules/addons"
  cluster_name        = module.cluster.name
  kubernetes_version  = var.kubernetes_version
  roles               = local.plain.addon_roles
  external_secrets    = var.external_secrets
  snapshots_kept      = var.snapshots_kept
  snapshot_hours      = local.snapshots.hours
  snapshots_copied_to = local.snapshots.copied_to
  alarm_topic_arns    = local.snapshots.alarm_topic_arns
  log_days            = local.logs.container_days
  addon_versions      = local.addon_versions
  tags                = local.tags
}

output "gitops" {
  description = "The facts about this cluster for gitops-gen: terraform output -json gitops | gitops-gen import-cluster ENV."
  value = {
    schemaVersion     = 1
    accountId         = var.account_id
    region            = var.region
    clusterName       = module.cluster.name
    kubernetesVersion = var.kubernetes_version
    vpc               = local.network.vpc
    nodes             = module.cluster.nodes
    nodeEgress        = module.security_groups.node_egress
    albSecurityGroup  = module.security_groups.alb.security_group
    podPorts          = module.security_groups.alb.pod_ports
    certificateArn    = local.alb.certificate_arn
    addons            = module.addons.installed
    addonRoles        = module.addons.roles
    externalSecrets   = contains(module.addons.roles, "external-secrets")
    volumeTag         = module.addons.volume_tag
    tags              = var.tags
  }
}

# The new addresses of resources that earlier versions created.
moved {
  from = module.network
  to   = module.network[0]
}
moved {
  from = module.network[0].module.flow_role.aws_iam_role.this
  to   = module.network[0].module.flow_role[0].aws_iam_role.this
}
moved {
  from = module.network[0].module.flow_role.aws_iam_role_policy.this
  to   = module.network[0].module.flow_role[0].aws_iam_role_policy.this
}
moved {
  from = module.network[0].aws_security_group.this
  to   = module.security_groups.aws_security_group.this
}
moved {
  from = module.network[0].aws_vpc_security_group_ingress_rule.this
  to   = module.security_groups.aws_vpc_security_group_ingress_rule.this
}
moved {
  from = module.network[0].aws_vpc_security_group_egress_rule.this
  to   = module.security_groups.aws_vpc_security_group_egress_rule.this
}
