# A password goes from an ephemeral value to a write-only argument: never in Git, plan or state.
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
# Remembers where a password went: what comes later cannot get the same one, since nobody kept it.
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
      error_message = "The password of ${each.value.name} was made before ${each.value.namespace} needed it, and nobody kept it. Copy the Secret yourself, raise its passwordRevision in the values (a new password everywhere), or keep it in Secrets Manager."
    }
  }
}

resource "aws_secretsmanager_secret" "password" {
  # checkov:skip=CKV_AWS_149:Encrypted with the account's own key; a key for each secret guards against nobody who may read the secret.
  # checkov:skip=CKV2_AWS_57:A rotation would change the password behind the database's back; another revision does it on purpose.
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
