# Needs argocd/dev/bootstrap.yaml, which `gitops-gen render dev` writes. Terraform cannot mock
# ephemeral values yet, so aws and random are asked for them: run it with the stub providers.
mock_provider "helm" {}
mock_provider "kubernetes" {}

variables {
  environment  = "dev"
  account_id   = "111122223333"
  region       = "eu-west-1"
  cluster_name = "acme-dev"
  repository   = { url = "https://github.com/acme/platform.git", secret_id = null, revision = 1 }
  argocd       = { ha = false, webhook = { host = "github", secret_id = null, revision = 1 } }
  namespaces   = ["database", "shop", "monitoring"]
  secrets      = {}
  pod_roles    = {}
}

run "passwords_in_the_named_namespaces" {
  variables {
    secrets = {
      postgres-credentials = { namespaces = ["database", "shop"], fields = { username = "app" }, revision = 1 }
      grafana-admin        = { store = "secrets-manager", password_key = "admin-password", revision = 1 }
    }
  }
  assert {
    condition     = keys(kubernetes_secret_v1.password) == ["database/postgres-credentials", "shop/postgres-credentials"]
    error_message = "The same Secret in both namespaces."
  }
  assert {
    condition     = aws_secretsmanager_secret.password["grafana-admin"].name == "acme-dev/grafana-admin"
    error_message = "Where External Secrets may read."
  }
}

# The copies above stand; nobody knows their password any more.
run "refuses_a_namespace_that_is_added_later" {
  command = plan
  variables {
    secrets = { postgres-credentials = { namespaces = ["database", "shop", "monitoring"], revision = 1 } }
  }
  expect_failures = [kubernetes_secret_v1.password]
}

run "a_new_revision_changes_all_namespaces" {
  variables {
    secrets = { postgres-credentials = { namespaces = ["database", "shop", "monitoring"], revision = 2 } }
  }
  assert {
    condition     = alltrue([for secret in kubernetes_secret_v1.password : secret.data_wo_revision == 2]) && length(kubernetes_secret_v1.password) == 3
    error_message = "Three copies of the new one."
  }
}

run "a_tier_with_a_role" {
  command = plan
  variables {
    pod_roles = { backend = { namespace = "shop", service_account = "backend", policy_arns = ["arn:aws:iam::111122223333:policy/queue", "arn:aws:iam::111122223333:policy/team/queue"] } }
  }
  assert {
    condition     = keys(module.pod_role) == ["backend"]
    error_message = "One role, with two policies of one name."
  }
}

run "refuses_an_environment_that_was_never_rendered" {
  command = plan
  variables {
    environment = "nowhere"
  }
  expect_failures = [var.environment]
}

run "refuses_a_secret_without_a_namespace" {
  command = plan
  variables {
    secrets = { x = { revision = 1 } }
  }
  expect_failures = [helm_release.namespaces]
}

run "refuses_a_secret_for_a_namespace_that_is_not_in_the_list" {
  command = plan
  variables {
    secrets = { x = { namespaces = ["elsewhere"], revision = 1 } }
  }
  expect_failures = [helm_release.namespaces]
}

run "refuses_a_list_of_secrets" {
  command = plan
  variables {
    secrets = [{ name = "postgres-credentials", namespaces = ["database"] }]
  }
  expect_failures = [var.secrets]
}

run "refuses_a_list_of_roles" {
  command = plan
  variables {
    pod_roles = [{ namespace = "shop", service_account = "backend", policy_arns = [] }]
  }
  expect_failures = [var.pod_roles]
}

run "refuses_an_account_without_its_leading_zeros" {
  command = plan
  variables {
    account_id = "1234567"
  }
  expect_failures = [var.account_id]
}

run "refuses_a_zone_for_a_region" {
  command = plan
  variables {
    region = "eu-west-1a"
  }
  expect_failures = [var.region]
}

run "refuses_a_cluster_in_capitals" {
  command = plan
  variables {
    cluster_name = "Acme"
  }
  expect_failures = [var.cluster_name]
}

run "refuses_a_namespace_in_capitals" {
  command = plan
  variables {
    namespaces = ["Database"]
  }
  expect_failures = [var.namespaces]
}
