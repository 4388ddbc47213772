# Kept by Helm's own annotation: Terraform neither reads nor deletes what is in them.
resource "helm_release" "namespaces" {
  name           = "gitops-namespaces"
  namespace      = "kube-system"
  chart          = "${path.module}/namespaces-chart"
  values         = [yamlencode({ namespaces = sort(var.namespaces) })]
  take_ownership = true
}
# Before Argo CD, since a pod gets its role when it is admitted.
module "pod_role" {
  source      = "../modules/role"
  for_each    = var.pod_roles
  name        = "${var.cluster_name}-${each.key}"
  pods        = { cluster = var.cluster_name, namespace = each.value.namespace, service_account = each.value.service_account }
  policy_arns = { for arn in each.value.policy_arns : reverse(split("/", arn))[0] => arn }
}
module "argocd" {
  source             = "../modules/argocd"
  bootstrap_manifest = file("${path.module}/../../argocd/${var.environment}/bootstrap.yaml")
  repository         = var.repository
  webhook            = var.argocd.webhook
  ha                 = var.argocd.ha
  depends_on         = [module.pod_role, kubernetes_secret_v1.password, aws_secretsmanager_secret_version.password]
}
