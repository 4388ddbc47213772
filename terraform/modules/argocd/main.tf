terraform {
  required_version = ">= 1.11"
  required_providers {
    aws        = { source = "hashicorp/aws", version = ">= 6.28, < 7" }
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 3.0" }
  }
}

locals {
  root = one([for document in split("\n---\n", var.bootstrap_manifest) : yamldecode(document) if yamldecode(document).kind == "Application"])
  # Kubernetes Secrets with content from AWS Secrets Manager, which is not in the plan or the state.
  secrets = { for name, secret in {
    repository = { secret_id = var.repository_secret_id, revision = var.repository_revision, label = { "argocd.argoproj.io/secret-type" = "repository" }, data = { type = "git", url = var.repository_url } }
    webhook    = { secret_id = var.webhook_secret_id, revision = var.webhook_revision, label = { "app.kubernetes.io/part-of" = "argocd" }, data = {} }
  } : name => secret if secret.secret_id != null }
  webhook_values = var.webhook_secret_id == null ? {} : { "${var.webhook_host}Secret" = "$argocd-webhook:secret" }
}

# Argo CD generates its admin password in the cluster, so neither the values nor the state contain it.
resource "helm_release" "argocd" {
  name             = "argocd"
  namespace        = "argocd"
  create_namespace = true
  repository       = "https://argoproj.github.io/argo-helm"
  chart            = "argo-cd"
  version          = "10.1.1"
  atomic           = true
  timeout          = 900 # in seconds; the nodes of a new cluster must pull every image first
  values = compact([
    file("${path.module}/values.yaml"),
    var.ha ? file("${path.module}/values-ha.yaml") : "",
    yamlencode({ configs = { secret = local.webhook_values } }),
  ])
}
ephemeral "aws_secretsmanager_secret_version" "this" {
  for_each  = local.secrets
  secret_id = each.value.secret_id
}
resource "kubernetes_secret_v1" "this" {
  for_each = local.secrets
  metadata {
    name      = "argocd-${each.key}"
    namespace = helm_release.argocd.namespace
    labels    = each.value.label
  }
  data_wo          = merge(each.value.data, jsondecode(ephemeral.aws_secretsmanager_secret_version.this[each.key].secret_string))
  data_wo_revision = each.value.revision
}

# A chart with one line, because kubernetes_manifest needs the CRDs of Argo CD at plan time.
resource "helm_release" "bootstrap" {
  name       = "bootstrap"
  namespace  = helm_release.argocd.namespace
  chart      = "${path.module}/bootstrap-chart"
  values     = [yamlencode({ manifest = var.bootstrap_manifest })]
  depends_on = [kubernetes_secret_v1.this]
}

output "root_application" {
  description = "The name of the root Application."
  value       = local.root.metadata.name
}
