environment  = "dev"
account_id   = "111122223333"
region       = "eu-west-1"
cluster_name = "acme-dev"
namespaces   = ["database", "shop"]
repository   = { url = "http://github.com/acme/platform.git", secret_id = null, revision = 1 } # refused: repository.url (repository_url): must have the form https://
argocd       = { ha = false, webhook = { host = "github", secret_id = null, revision = 1 } }
secrets      = {}
pod_roles    = {}
