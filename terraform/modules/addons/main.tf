data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_caller_identity" "this" {}

locals {
  partition    = data.aws_partition.this.partition
  iam_policies = "arn:${local.partition}:iam::aws:policy"
  secrets      = "arn:${local.partition}:secretsmanager:${data.aws_region.this.region}:${data.aws_caller_identity.this.account_id}:secret:${var.cluster_name}/*"
  volume_tag   = { "snapshots-of-cluster" = var.cluster_name }

  # Add-ons that need nodes; those that nodes need come with the cluster.
  addons = { for name, values in {
    coredns            = {}
    metrics-server     = {}
    aws-ebs-csi-driver = { controller = { extraVolumeTags = local.volume_tag } }
    # Injects agents into every Deployment unless told not to.
    amazon-cloudwatch-observability = { manager = { applicationSignals = { autoMonitor = { monitorAllServices = false } } } }
  } : name => jsonencode(values) if var.cloudwatch || name != "amazon-cloudwatch-observability" }

  # Whose pods get which rights: namespace/ServiceAccount, managed policies, own policy.
  roles = merge({
    aws-load-balancer-controller = ["kube-system/aws-load-balancer-controller", [],
    templatefile("${path.module}/load-balancer-controller.json", { partition = local.partition, cluster = var.cluster_name })]
    ebs-csi = ["kube-system/ebs-csi-controller-sa", ["AmazonEBSCSIDriverPolicyV2"], ""]
    }, var.cloudwatch ? {
    cloudwatch = ["amazon-cloudwatch/cloudwatch-agent", ["CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"], ""]
    } : {}, var.external_secrets ? {
    external-secrets = ["external-secrets/external-secrets", [], jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], Resource = local.secrets }]
    })]
  } : {})
}

module "role" {
  source      = "../pod-role"
  for_each    = local.roles
  name        = "${var.cluster_name}-${each.key}"
  pods        = { cluster = var.cluster_name, namespace = split("/", each.value[0])[0], service_account = split("/", each.value[0])[1] }
  policy_arns = { for name in each.value[1] : name => "${local.iam_policies}/${name}" }
  policies    = each.value[2] == "" ? {} : { own = each.value[2] }
}

data "aws_eks_addon_version" "this" {
  for_each           = local.addons
  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}

resource "aws_eks_addon" "this" {
  for_each                    = local.addons
  cluster_name                = var.cluster_name
  addon_name                  = each.key
  addon_version               = data.aws_eks_addon_version.this[each.key].version
  configuration_values        = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  depends_on                  = [module.role, aws_cloudwatch_log_group.container_insights]
}

# Made before the agent makes them, which would keep every log for ever.
resource "aws_cloudwatch_log_group" "container_insights" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with its own key.
  # checkov:skip=CKV_AWS_338:What pods print is for finding faults; a year of it costs more than it helps.
  for_each          = toset(var.cloudwatch ? ["application", "dataplane", "host", "performance"] : [])
  name              = "/aws/containerinsights/${var.cluster_name}/${each.key}"
  retention_in_days = 90
}

resource "aws_iam_role" "snapshots" {
  count = var.snapshots_kept > 0 ? 1 : 0
  name  = "${var.cluster_name}-snapshots"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "dlm.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "snapshots" {
  count      = var.snapshots_kept > 0 ? 1 : 0
  role       = aws_iam_role.snapshots[0].name
  policy_arn = "${local.iam_policies}/service-role/AWSDataLifecycleManagerServiceRole"
}

resource "aws_dlm_lifecycle_policy" "snapshots" {
  count              = var.snapshots_kept > 0 ? 1 : 0
  description        = "Volumes of ${var.cluster_name}"
  execution_role_arn = aws_iam_role.snapshots[0].arn
  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = local.volume_tag
    schedule {
      name      = "daily"
      copy_tags = true
      create_rule {
        interval = 24
        times    = ["03:00"]
      }
      retain_rule { count = var.snapshots_kept }
    }
  }
  depends_on = [aws_iam_role_policy_attachment.snapshots]
}
