output "gitops" {
  description = "What the generator must know of this cluster: terraform output -json gitops | gitops-gen import-cluster ENV."
  value = {
    schemaVersion     = 1
    accountId         = var.account_id
    region            = var.region
    clusterName       = module.cluster.name
    kubernetesVersion = var.kubernetes_version
    vpc = {
      id                 = module.network.vpc_id
      cidr               = var.vpc_cidr
      zones              = var.zones
      publicSubnetCidrs  = module.network.subnet_cidrs.public
      privateSubnetCidrs = module.network.subnet_cidrs.private
    }
    albSecurityGroup = module.network.alb_security_group
    podPorts         = module.network.pod_ports
    certificateArn   = var.certificate_arn
    addons           = module.addons.installed
    externalSecrets  = var.external_secrets
    volumeTag        = module.addons.volume_tag
  }
}
