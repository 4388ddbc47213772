environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository   = { url = "https://github.com/acme/platform.git", secret_id = null, revision = 1 }
argocd       = { ha = false, webhook = { host = "gitlb", secret_id = null, revision = 1 } } # refused: argocd.webhook.host: there is no gitlb. Did you mean gitlab? Only: github, gitlab.
secrets      = { postgres-credentials = { store = "secret-manager", revision = 1 } }        # refused: secrets.postgres-credentials.store: there is no secret-manager. Did you mean secrets-manager? Only: kubernetes, secrets-manager.
pod_roles    = {}
