environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository   = { url = "https://github.com/acme/platform.git", secret_id = null, revision = 1 }
argocd       = { ha = false, webhook = { host = "github", secret_id = null, revision = 1 } }
secrets      = {}
pod_roles = {
  backend = { namespace = "Shop", service_account = "backend", policy_arns = [] } # refused: role acme-dev-tier-backend: cluster, namespace and service_account
}
