environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository   = "https://github.com/acme/platform.git"                 # refused: repository: the value must be an object. The keys of repository are revision, secret_id, url.
argocd       = { ha = false, webhook = "acme/webhook" }               # refused: argocd.webhook: the value must be an object. The keys of argocd.webhook are host, revision, secret_id.
secrets      = { postgres-credentials = "database" }                  # refused: secrets.postgres-credentials: the value must be an object. The keys of secrets.postgres-credentials are fields, namespaces, password_key, revision, store.
pod_roles    = { backend = "arn:aws:iam::111122223333:policy/queue" } # refused: pod_roles.backend: the value must be an object. The keys of pod_roles.backend are namespace, policy_arns, service_account.
