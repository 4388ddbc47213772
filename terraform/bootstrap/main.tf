# A plan with the state of another environment fails. A destroy does not fail: it checks no condition.
resource "terraform_data" "identity" {
  input = { account = var.account_id, region = var.region, name = var.cluster_name }
  lifecycle {
    ignore_changes = [input]
    postcondition {
      condition     = self.output == { account = var.account_id, region = var.region, name = var.cluster_name }
      error_message = "This is the state of ${self.output.name} (${self.output.region}, account ${self.output.account}), not of ${var.cluster_name}: run `terraform init -reconfigure -backend-config=${var.environment}.backend.hcl`."
    }
  }
}
# An annotation makes Helm keep the namespaces. Terraform neither reads nor deletes their content.
resource "helm_release" "namespaces" {
  name           = "gitops-namespaces"
  namespace      = "kube-system"
  chart          = "${path.module}/namespaces-chart"
  values         = [yamlencode({ namespaces = sort(var.namespaces) })]
  take_ownership = true
  lifecycle {
    precondition {
      condition     = alltrue([for secret in local.secrets : secret.store == "kubernetes" ? length(secret.namespaces) > 0 && length(setsubtract(secret.namespaces, var.namespaces)) == 0 : secret.store == "secrets-manager" && length(secret.namespaces) == 0])
      error_message = "secrets: store must be kubernetes, with at least one namespace, each of which is in namespaces, or secrets-manager, without a namespace."
    }
  }
}
# Created before Argo CD, because a Pod gets its role when it is admitted. "tier" in the name avoids
# conflicts with the roles of terraform/infra.
module "pod_role" {
  source          = "../modules/role"
  for_each        = local.pod_roles
  name            = "${var.cluster_name}-tier-${each.key}"
  cluster         = var.cluster_name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  policy_arns     = { for arn in toset(each.value.policy_arns) : arn => arn }
}
module "argocd" {
  source               = "../modules/argocd"
  bootstrap_manifest   = file("${path.module}/../../argocd/${var.environment}/bootstrap.yaml")
  repository_url       = local.repository.url
  repository_secret_id = local.repository.secret_id
  repository_revision  = local.repository.revision
  webhook_host         = local.webhook.host
  webhook_secret_id    = local.webhook.secret_id
  webhook_revision     = local.webhook.revision
  ha                   = local.argocd.ha
  depends_on           = [module.pod_role, kubernetes_secret_v1.password, aws_secretsmanager_secret_version.password]
}
