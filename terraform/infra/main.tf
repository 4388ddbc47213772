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
  source = "../modules/network"
  name   = var.name
  vpc    = var.vpc
  alb    = { allowed_cidrs = var.alb.allowed_cidrs, https = var.alb.certificate_arn != null }
}
module "cluster" {
  source              = "../modules/cluster"
  name                = var.name
  kubernetes_version  = var.kubernetes_version
  network             = module.network.nodes
  nodes               = var.nodes
  access              = var.access
  deletion_protection = var.deletion_protection
}
module "addons" {
  source             = "../modules/addons"
  cluster_name       = module.cluster.name
  kubernetes_version = var.kubernetes_version
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
    certificateArn    = var.alb.certificate_arn
    addons            = module.addons.installed
    externalSecrets   = var.external_secrets
    volumeTag         = module.addons.volume_tag
  }
}
