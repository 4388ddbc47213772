environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
# refused: repository.url: this key is required, with a value of type string.
# refused: repository.secret_id: this key is required, with a value of type string, or null.
# refused: repository.revision: this key is required, with a value of type number.
repository = {}
# refused: argocd.ha: this key is required, with a value of type bool.
# refused: argocd.webhook: this key is required, with an object.
argocd    = {}
secrets   = {}
pod_roles = {}
