environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository = {
  url       = null # refused: repository.url: this key is required, with a value of type string.
  secret_id = null
  revision  = null # refused: repository.revision: this key is required, with a value of type number.
}
argocd = {
  ha = null # refused: argocd.ha: this key is required, with a value of type bool.
  webhook = {
    host      = null # refused: argocd.webhook.host: this key is required, with a value of type string.
    secret_id = null
    revision  = null # refused: argocd.webhook.revision: this key is required, with a value of type number.
  }
}
secrets = {
  postgres-credentials = {
    namespaces = [null]              # refused: secrets.postgres-credentials.namespaces: the value must be of type list(string), without a null in it.
    fields     = { username = null } # refused: secrets.postgres-credentials.fields: the value must be of type map(string), without a null in it.
    revision   = null                # refused: secrets.postgres-credentials.revision: this key is required, with a value of type number.
  }
}
pod_roles = {
  backend = {
    namespace       = null   # refused: pod_roles.backend.namespace: this key is required, with a value of type string.
    service_account = null   # refused: pod_roles.backend.service_account: this key is required, with a value of type string.
    policy_arns     = [null] # refused: pod_roles.backend.policy_arns: the value must be of type list(string), without a null in it.
  }
}
