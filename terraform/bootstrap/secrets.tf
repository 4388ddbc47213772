# Each password is an ephemeral value that is passed to a write-only argument, so Git, the plan and the
# state do not contain it.
locals {
  in_kubernetes = { for name, secret in local.secrets : name => secret if secret.store == "kubernetes" }
  copies = merge([for name, secret in local.in_kubernetes : {
    for namespace in secret.namespaces : "${namespace}/${name}" => { name = name, namespace = namespace }
  }]...)
}
ephemeral "random_password" "this" {
  for_each = local.secrets
  length   = 32
  special  = false
}
# Stores the namespaces that got the password. A namespace that is added later cannot get the same
# password, because it is stored nowhere else.
resource "terraform_data" "copies" {
  for_each         = local.in_kubernetes
  input            = each.value.namespaces
  triggers_replace = each.value.revision
  lifecycle { ignore_changes = [input] }
}
resource "kubernetes_secret_v1" "password" {
  for_each = local.copies
  metadata {
    name      = each.value.name
    namespace = each.value.namespace
  }
  data_wo = merge(local.secrets[each.value.name].fields, {
    (local.secrets[each.value.name].password_key) = ephemeral.random_password.this[each.value.name].result
  })
  data_wo_revision = local.secrets[each.value.name].revision
  depends_on       = [helm_release.namespaces]
  lifecycle {
    precondition {
      condition     = contains(terraform_data.copies[each.value.name].output, each.value.namespace)
      error_message = "The password of ${each.value.name} was generated before the namespace ${each.value.namespace} was added, and is not stored. Copy the Secret yourself, increase its passwordRevision in the values (which generates a new password for all namespaces), or keep the password in AWS Secrets Manager."
    }
  }
}

resource "aws_secretsmanager_secret" "password" {
  # checkov:skip=CKV_AWS_149:The default key of the account encrypts it. A separate key would not restrict the principals that may read the secret.
  # checkov:skip=CKV2_AWS_57:A rotation would change the secret but not the password of the database. A new revision changes it on request.
  for_each    = { for name, secret in local.secrets : name => secret if secret.store == "secrets-manager" }
  name        = "${var.cluster_name}/${each.key}"
  description = "${each.key} of ${var.environment}."
}
resource "aws_secretsmanager_secret_version" "password" {
  for_each  = aws_secretsmanager_secret.password
  secret_id = each.value.id
  secret_string_wo = jsonencode(merge(local.secrets[each.key].fields, {
    (local.secrets[each.key].password_key) = ephemeral.random_password.this[each.key].result
  }))
  secret_string_wo_version = local.secrets[each.key].revision
}
