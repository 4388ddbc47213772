# Terraform cannot mock ephemeral values yet, so aws is asked for them: run it with the stub.
mock_provider "helm" {}
mock_provider "kubernetes" {}

variables {
  bootstrap_manifest = file("./tests/bootstrap.yaml")
  repository_url     = "https://github.com/acme/platform.git"
}

run "the_manifest_is_not_changed" {
  command = plan
  assert {
    condition     = yamldecode(helm_release.bootstrap.values[0]).manifest == var.bootstrap_manifest
    error_message = "Not a byte of it changes."
  }
  assert {
    condition     = output.root_application == "root"
    error_message = "The Application's name."
  }
}

run "argocd_has_the_settings_of_the_repository" {
  command = plan
  assert {
    condition     = yamldecode(helm_release.argocd.values[0]).configs.params["controller.sync.timeout.seconds"] == "900"
    error_message = "Without it one sick child blocks every later fix."
  }
  assert {
    condition     = strcontains(yamldecode(helm_release.argocd.values[0]).configs.cm["resource.customizations.health.argoproj.io_Application"], "Progressing")
    error_message = "Without it waves between children order nothing."
  }
  assert {
    condition     = helm_release.argocd.version == "10.1.1" && length(kubernetes_secret_v1.this) == 0 && length(helm_release.argocd.values) == 2
    error_message = "Pinned; a public repository needs no Secret; one replica."
  }
}

run "several_replicas" {
  command = plan
  variables {
    ha = true
  }
  assert {
    condition     = yamldecode(helm_release.argocd.values[1]).redis-ha.enabled
    error_message = "The second values file."
  }
}

run "secrets_by_reference" {
  variables {
    repository_secret_id = "acme/git"
    repository_revision  = 3
    webhook_secret_id    = "acme/webhook"
  }
  assert {
    condition     = keys(kubernetes_secret_v1.this) == ["repository", "webhook"] && kubernetes_secret_v1.this["repository"].data_wo_revision == 3
    error_message = "Two Secrets, written once for each revision."
  }
  assert {
    condition     = yamldecode(helm_release.argocd.values[1]).configs.secret.githubSecret == "$argocd-webhook:secret"
    error_message = "Argo CD is told where the webhook's secret is, not what it is."
  }
}

run "refuses_a_manifest_of_another_repository" {
  command = plan
  variables {
    repository_url = "https://github.com/acme/other.git"
  }
  expect_failures = [var.repository_url]
}

run "refuses_a_manifest_without_a_project" {
  command = plan
  variables {
    bootstrap_manifest = "kind: Application\nspec: {source: {repoURL: https://github.com/acme/platform.git}}\n"
  }
  expect_failures = [var.bootstrap_manifest]
}

run "refuses_invalid_yaml" {
  command = plan
  variables {
    bootstrap_manifest = "{"
  }
  expect_failures = [var.bootstrap_manifest]
}

run "refuses_a_password_in_the_address" {
  command = plan
  variables {
    repository_url = "https://me:secret@github.com/acme/platform.git"
  }
  expect_failures = [var.repository_url]
}

run "refuses_an_unknown_git_host" {
  command = plan
  variables {
    webhook_host      = "gitea"
    webhook_secret_id = "acme/webhook"
  }
  expect_failures = [var.webhook_host]
}
