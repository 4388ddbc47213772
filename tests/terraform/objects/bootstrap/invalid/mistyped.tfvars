environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository = {
  url       = ["https://github.com/acme/platform.git"] # refused: repository.url: the value must be of type string.
  secret_id = { git = "acme/git" }                     # refused: repository.secret_id: the value must be of type string.
  revision  = "first"                                  # refused: repository.revision: the value must be of type number.
}
argocd = {
  ha = 3 # refused: argocd.ha: the value must be of type bool.
  webhook = {
    host      = ["github"]       # refused: argocd.webhook.host: the value must be of type string.
    secret_id = ["acme/webhook"] # refused: argocd.webhook.secret_id: the value must be of type string.
    revision  = true             # refused: argocd.webhook.revision: the value must be of type number.
  }
}
secrets = {
  postgres-credentials = {
    store        = ["kubernetes"] # refused: secrets.postgres-credentials.store: the value must be of type string.
    namespaces   = "database"     # refused: secrets.postgres-credentials.namespaces: the value must be of type list(string).
    fields       = ["username"]   # refused: secrets.postgres-credentials.fields: the value must be of type map(string).
    password_key = ["password"]   # refused: secrets.postgres-credentials.password_key: the value must be of type string.
    revision     = "latest"       # refused: secrets.postgres-credentials.revision: the value must be of type number.
  }
}
pod_roles = {
  backend = {
    namespace       = ["shop"]                                 # refused: pod_roles.backend.namespace: the value must be of type string.
    service_account = ["backend"]                              # refused: pod_roles.backend.service_account: the value must be of type string.
    policy_arns     = "arn:aws:iam::111122223333:policy/queue" # refused: pod_roles.backend.policy_arns: the value must be of type list(string).
  }
}
