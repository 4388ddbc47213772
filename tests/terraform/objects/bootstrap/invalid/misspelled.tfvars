environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository = {
  url       = "https://github.com/acme/platform.git"
  secret_id = null
  revision  = 1
  secret    = "acme/git" # refused: repository.secret: there is no such key. Did you mean secret_id? The keys of repository are revision, secret_id, url.
  revisions = 2          # refused: repository.revisions: there is no such key. Did you mean revision? The keys of repository are revision, secret_id, url.
}
argocd = {
  ha = false
  HA = true # refused: argocd.HA: there is no such key. Did you mean ha? The keys of argocd are ha, webhook.
  webhook = {
    host      = "github"
    secret_id = null
    revision  = 1
    hostname  = "gitlab" # refused: argocd.webhook.hostname: there is no such key. Did you mean host? The keys of argocd.webhook are host, revision, secret_id.
  }
}
secrets = {
  postgres-credentials = {
    revision    = 1
    namespace   = ["database", "shop"] # refused: secrets.postgres-credentials.namespace: there is no such key. Did you mean namespaces? The keys of secrets.postgres-credentials are fields, namespaces, password_key, revision, store.
    passwordKey = "postgres-password"  # refused: secrets.postgres-credentials.passwordKey: there is no such key. Did you mean password_key? The keys of secrets.postgres-credentials are fields, namespaces, password_key, revision, store.
  }
}
pod_roles = {
  backend = {
    namespace       = "shop"
    service_account = "backend"
    # refused: pod_roles.backend.policy_arns: this key is required, with a value of type list(string).
    policies = ["arn:aws:iam::111122223333:policy/queue"] # refused: pod_roles.backend.policies: there is no such key. Did you mean policy_arns? The keys of pod_roles.backend are namespace, policy_arns, service_account.
  }
}
