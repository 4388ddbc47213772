locals {
  root = one([for document in split("\n---\n", var.bootstrap_manifest) : yamldecode(document) if yamldecode(document).kind == "Application"])

  # Kubernetes Secrets whose content comes from Secrets Manager and stays out of plan and state.
  secrets = merge(
    var.repository.secret_id == null ? {} : { repository = merge(var.repository, {
      label = { "argocd.argoproj.io/secret-type" = "repository" }
      data  = { type = "git", url = var.repository.url }
    }) },
    var.webhook == null ? {} : { webhook = merge(var.webhook, {
      label = { "app.kubernetes.io/part-of" = "argocd" }
      data  = {}
    }) },
  )
  webhook_values = var.webhook == null ? {} : { "${var.webhook.host}Secret" = "$argocd-webhook:secret" }
}

# Argo CD makes its own admin password in the cluster, so none is in the values or the state.
resource "helm_release" "argocd" {
  name             = "argocd"
  namespace        = "argocd"
  create_namespace = true
  repository       = "https://argoproj.github.io/argo-helm"
  chart            = "argo-cd"
  version          = "10.1.1"
  atomic           = true
  timeout          = 600
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

# A chart of one line: a kubernetes_manifest would need Argo CD's CRDs to be there at plan time.
resource "helm_release" "bootstrap" {
  name       = "bootstrap"
  namespace  = helm_release.argocd.namespace
  chart      = "${path.module}/bootstrap-chart"
  values     = [yamlencode({ manifest = var.bootstrap_manifest })]
  depends_on = [kubernetes_secret_v1.this]

  lifecycle {
    precondition {
      condition     = local.root.spec.source.repoURL == var.repository.url
      error_message = "bootstrap_manifest syncs ${local.root.spec.source.repoURL}, not ${var.repository.url}: run `gitops-gen render` and `gitops-gen terraform-vars` again."
    }
  }
}
