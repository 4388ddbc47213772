terraform {
  required_version = ">= 1.11"
  required_providers { aws = { source = "hashicorp/aws", version = ">= 6.28, < 7" } }
  backend "s3" { # bucket, key and region come with -backend-config: see docs/terraform.md
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags { tags = { cluster = var.name, managed-by = "terraform" } }
}

# A plan upon another environment's state is refused. (A destroy is not: it checks no condition.)
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
module "network" {
  source            = "../modules/network"
  name              = var.name
  zones             = local.vpc.zones
  cidr              = local.vpc.cidr
  nat               = local.vpc.nat
  alb_allowed_cidrs = local.alb.allowed_cidrs
  alb_https         = local.alb.certificate_arn != null
}
module "cluster" {
  source                       = "../modules/cluster"
  name                         = var.name
  kubernetes_version           = var.kubernetes_version
  subnets                      = module.network.nodes.subnets
  node_security_group          = module.network.nodes.security_groups.node
  control_plane_security_group = module.network.nodes.security_groups.control_plane
  instance_types               = local.nodes.instance_types
  ami_type                     = local.nodes.ami_type
  min_nodes                    = local.nodes.min
  max_nodes                    = local.nodes.max
  disk_gib                     = local.nodes.disk_gib
  admin_arns                   = local.access.admin_arns
  public_cidrs                 = local.access.public_cidrs
  deletion_protection          = var.deletion_protection
}
module "addons" {
  source             = "../modules/addons"
  cluster_name       = module.cluster.name
  kubernetes_version = var.kubernetes_version
  roles              = var.addon_roles
  external_secrets   = var.external_secrets
  snapshots_kept     = var.snapshots_kept
}

output "gitops" {
  description = "What the generator must know of this cluster: terraform output -json gitops | gitops-gen import-cluster ENV."
  value = {
    schemaVersion     = 1
    accountId         = var.account_id
    region            = var.region
    clusterName       = module.cluster.name
    kubernetesVersion = var.kubernetes_version
    vpc               = module.network.vpc
    albSecurityGroup  = module.network.alb.security_group
    podPorts          = module.network.alb.pod_ports
    certificateArn    = local.alb.certificate_arn
    addons            = module.addons.installed
    addonRoles        = module.addons.roles
    externalSecrets   = contains(module.addons.roles, "external-secrets")
    volumeTag         = module.addons.volume_tag
  }
}
