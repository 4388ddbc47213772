environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository   = { url = "https://github.com/acme/platform.git", secret_id = "acme/git", revision = 4 }
argocd       = { ha = true, webhook = { host = "gitlab", secret_id = "acme/webhook", revision = 5 } }
secrets = {
  postgres-credentials = { store = "kubernetes", namespaces = ["database", "shop"], fields = { username = "app" }, password_key = "secret-word", revision = 6 }
  grafana-admin        = { store = "secrets-manager", fields = { admin-user = "admin" }, password_key = "admin-password", revision = 7 }
}
pod_roles = {
  backend = { namespace = "shop", service_account = "backend-pods", policy_arns = ["arn:aws:iam::111122223333:policy/queue"] }
}
