module "network" {
  source   = "../modules/network"
  name     = var.name
  vpc_cidr = var.vpc_cidr
  zones    = var.zones
  nat      = var.nat
  alb      = { allowed_cidrs = var.alb_allowed_cidrs, https = var.certificate_arn != null }
}

module "cluster" {
  source                 = "../modules/cluster"
  name                   = var.name
  kubernetes_version     = var.kubernetes_version
  subnets                = module.network.private_subnet_ids
  node_security_group_id = module.network.node_security_group_id
  nodes                  = var.nodes
  admin_principal_arns   = var.admin_principal_arns
  public_access_cidrs    = var.public_access_cidrs
  deletion_protection    = var.deletion_protection
}

module "addons" {
  source             = "../modules/addons"
  cluster_name       = module.cluster.name
  kubernetes_version = var.kubernetes_version
  external_secrets   = var.external_secrets
}
